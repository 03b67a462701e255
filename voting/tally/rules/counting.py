"""What stands for election, what a ballot says, and how many votes each candidate gets.

A count works on a multiset: identical ballots are one entry with a number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voting.rounds.rules import BallotKind

__all__ = ["Ballot", "BallotKind", "Candidate", "ballot_count", "distinct", "scores"]


@dataclass(frozen=True)
class Candidate:
    """One entry of the list; ``cost`` in whole smallest units of the money (分).

    Of the candidates with one number in ``rival_group`` at most one is funded.
    """

    id: str
    cost: int
    beneficiaries: int = 0
    withdrawn: bool = False
    category: str = ""
    rival_group: int | None = None


@dataclass(frozen=True)
class Ballot:
    """The ids chosen, in the order in which the voter gave them.

    ``points`` belong to the choices one by one and are empty unless the ballot gives points.
    Raises ValueError when their numbers differ.
    """

    choices: tuple[str, ...]
    points: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.points and len(self.points) != len(self.choices):
            raise ValueError("a ballot has as many points as choices, or none")


def distinct(ballot: Ballot) -> Ballot:
    """Return the ballot with every candidate once, at its first place; points of one candidate add."""
    choices = tuple(dict.fromkeys(ballot.choices))
    if len(choices) == len(ballot.choices):
        return ballot
    if not ballot.points:
        return Ballot(choices)
    sums = dict.fromkeys(choices, 0)
    for choice, points in zip(ballot.choices, ballot.points, strict=True):
        sums[choice] += points
    return Ballot(choices, tuple(sums.values()))


def ballot_count(ballots: Mapping[Ballot, int]) -> int:
    """Return how many ballots the multiset holds, blank ones included."""
    return sum(ballots.values())


def _worth(ballot: Ballot, kind: BallotKind) -> Iterable[int]:
    if kind is BallotKind.CUMULATIVE:
        return ballot.points
    if kind is BallotKind.ORDINAL:
        return range(len(ballot.choices), 0, -1)
    return (1,) * len(ballot.choices)


def scores(
    ballots: Mapping[Ballot, int], candidates: Iterable[str], kind: BallotKind
) -> dict[str, int]:
    """Return the votes of every candidate, in the order of ``candidates``.

    Approval, choose-1: ballots that name the candidate. Cumulative: points. Ordinal: k for the first of
    k ranked, 1 for the last. Raises ValueError when a ballot names somebody else or lacks its points:
    a count that leaves out a choice is no count.
    """
    votes = dict.fromkeys(candidates, 0)
    for raw, number in ballots.items():
        ballot = distinct(raw)
        for choice, worth in zip(ballot.choices, _worth(ballot, kind), strict=True):
            if choice not in votes:
                raise ValueError(f"a ballot names {choice!r}, which is no candidate")
            votes[choice] += worth * number
    return votes
