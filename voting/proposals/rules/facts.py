"""What a proposal and a candidate say."""

from collections.abc import Iterable
from dataclasses import dataclass

TITLE_MOST = 40


PLACE_MOST = 40


SENTENCE_MOST = 40


# The ballot page carries every description and must stay small (docs/2_rules/ballot.md).
DESCRIPTION_MOST = 200


REASON_MOST = 500


NAME_MOST = 40


HIGHEST_NUMBER = 999


MOST_BENEFICIARIES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ProposalFacts:
    """What a paper form of a proposal says; an empty telephone is none."""

    title: str
    category: str
    place: str
    reason: str
    proposer_name: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class CandidateFacts:
    """What the list and the ballot say of a candidate. Money is whole cents; ``picture`` is a digest."""

    title: str
    category: str
    place: str
    sentence: str
    cost: int
    beneficiaries: int
    description: str = ""
    picture: str | None = None


def next_free_number(taken: Iterable[int]) -> int:
    """Return the smallest ballot number nobody has."""
    used = set(taken)
    return next(number for number in range(1, len(used) + 2) if number not in used)
