"""How alike the ballots are that one officer helped to cast, beside those that others did. Plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_ALIKE = 10
"""Of fewer ballots nothing is said: whoever knows the people would know their choices."""


@dataclass(frozen=True)
class Alike:
    """So many ballots, of which ``largest`` say exactly the same."""

    ballots: int
    largest: int


@dataclass(frozen=True)
class OfficerAlike:
    """One officer's residents, and those of all other officers together."""

    officer_id: str
    mine: Alike
    others: Alike


def alike(said: Iterable[bytes]) -> Alike:
    """Return how many ballots there are and how many are in the largest group of equal ones."""
    groups = Counter(said)
    return Alike(groups.total(), max(groups.values(), default=0))


def compare_alike(by_officer: Mapping[str, Sequence[bytes]]) -> list[OfficerAlike]:
    """Compare each officer who helped at least ten with all others, the most alike first."""
    found = [
        OfficerAlike(
            officer_id,
            alike(said),
            alike(
                one for other, theirs in by_officer.items() if other != officer_id for one in theirs
            ),
        )
        for officer_id, said in by_officer.items()
        if len(said) >= LEAST_ALIKE
    ]
    return sorted(found, key=lambda one: (-one.mine.largest / one.mine.ballots, one.officer_id))
