"""How equal votes are put in order. Tie rules are values, handed to the allocation in their order.

The drawn lot is recomputable by anyone: with the seed's bytes as published, the digest of a candidate is

    SHA-256(seed || 0x00 || id in UTF-8)

and the candidate whose 32 bytes come first in unsigned byte order comes first.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Protocol

from voting.tally.rules.counting import Candidate

Key = tuple[int, bytes]


def drawn_order(seed: bytes, id: str) -> bytes:
    """Return the 32 bytes by which the lot puts a candidate in order: the smallest comes first."""
    return hashlib.sha256(seed + b"\x00" + id.encode()).digest()


class TieStep(StrEnum):
    """The step that put one of two candidates with equal votes before the other."""

    BENEFICIARIES = "beneficiaries"
    COST = "cost"
    VOTES = "votes"
    DRAW = "draw"
    ID = "id"
    UNDECIDED = "undecided"


class TieBreaker(Protocol):
    """One step: the candidate with the smaller key comes first, equal keys leave it to the next step."""

    @property
    def step(self) -> TieStep:
        """Its name in the answer."""

    def key(self, candidate: Candidate) -> Key:
        """Return what the candidates are compared by."""


@dataclass(frozen=True)
class ByBeneficiaries:
    """More beneficiaries first."""

    step: TieStep = TieStep.BENEFICIARIES

    def key(self, candidate: Candidate) -> Key:
        """Return what the candidates are compared by."""
        return -candidate.beneficiaries, b""


@dataclass(frozen=True)
class ByCost:
    """The cheaper first."""

    step: TieStep = TieStep.COST

    def key(self, candidate: Candidate) -> Key:
        """Return what the candidates are compared by."""
        return candidate.cost, b""


@dataclass(frozen=True)
class ByDraw:
    """The lot drawn in public, see the head of this module."""

    seed: bytes
    step: TieStep = TieStep.DRAW

    def key(self, candidate: Candidate) -> Key:
        """Return what the candidates are compared by."""
        return 0, drawn_order(self.seed, candidate.id)


@dataclass(frozen=True)
class ById:
    """By code point of the id, which is the byte order of its UTF-8; for other people's data only."""

    step: TieStep = TieStep.ID

    def key(self, candidate: Candidate) -> Key:
        """Return what the candidates are compared by."""
        return 0, candidate.id.encode()


def tie_rule(steps: str, seed: bytes | None) -> tuple[TieBreaker, ...]:
    """Return the breakers of a list like ``beneficiaries,cost,draw``; ValueError for another word.

    Without a seed the lot has not been drawn yet: its step decides nothing and is left out.
    """
    known: dict[TieStep, TieBreaker] = {
        TieStep.BENEFICIARIES: ByBeneficiaries(),
        TieStep.COST: ByCost(),
        TieStep.DRAW: ByDraw(seed or b""),
        TieStep.ID: ById(),
    }
    named = [TieStep(step.strip()) for step in steps.split(",") if step.strip()]
    for word in (TieStep.UNDECIDED, TieStep.VOTES):
        if word in named:
            raise ValueError(f"{word} is an answer, not a step of a round")
    return tuple(known[step] for step in named if step is not TieStep.DRAW or seed is not None)


@dataclass(frozen=True)
class Tie:
    """Candidates with equal votes, in the order they were put in.

    ``decided_by[i]`` put ``candidates[i]`` before ``candidates[i + 1]``. UNDECIDED means that the steps
    given ran out (the lot was not drawn yet): the order then shown is that of the ids and decides nothing.
    """

    votes: int
    candidates: tuple[str, ...]
    decided_by: tuple[TieStep, ...]


def arrange(
    candidates: Iterable[Candidate], votes: Mapping[str, int], ties: Sequence[TieBreaker]
) -> list[Candidate]:
    """Return the candidates by votes from high to low, equal votes by the steps, then by id."""

    def key(candidate: Candidate) -> tuple[int, tuple[Key, ...]]:
        steps = (*ties, ById())
        return -votes[candidate.id], tuple(step.key(candidate) for step in steps)

    return sorted(candidates, key=key)


def _decided_by(first: Candidate, second: Candidate, ties: Sequence[TieBreaker]) -> TieStep:
    for breaker in ties:
        if breaker.key(first) != breaker.key(second):
            return breaker.step
    return TieStep.UNDECIDED


def alike(
    arranged: Iterable[Candidate], votes: Mapping[str, int], ties: Sequence[TieBreaker]
) -> list[list[Candidate]]:
    """Return candidates that are already arranged in groups that votes and steps do not part."""

    def key(candidate: Candidate) -> tuple[int, tuple[Key, ...]]:
        return votes[candidate.id], tuple(step.key(candidate) for step in ties)

    return [list(group) for _, group in groupby(arranged, key=key)]


def find_ties(
    arranged: Iterable[Candidate], votes: Mapping[str, int], ties: Sequence[TieBreaker]
) -> tuple[Tie, ...]:
    """Return every group with equal votes among candidates that are already arranged."""
    groups = (
        (number, list(group)) for number, group in groupby(arranged, key=lambda c: votes[c.id])
    )
    return tuple(
        Tie(
            votes=number,
            candidates=tuple(candidate.id for candidate in group),
            decided_by=tuple(_decided_by(one, next_, ties) for one, next_ in pairwise(group)),
        )
        for number, group in groups
        if len(group) > 1
    )
