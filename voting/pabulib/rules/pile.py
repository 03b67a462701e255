"""The ballots of a file, gathered as a multiset while its rows pass by.

Who voted, with age and sex, is never kept: only how many ballots say the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from voting.pabulib.rules import refusals
from voting.pabulib.rules.figures import Figure, figure
from voting.pabulib.rules.remarks import Doubt, Sightings
from voting.pabulib.rules.sections import Row
from voting.tally.rules.counting import Ballot, BallotKind, distinct


@dataclass(slots=True)
class _Heap:
    number: int
    line: int


@dataclass
class Pile:
    """Identical rows under one key, with the line of the first of them."""

    heaps: dict[tuple[str, str], _Heap] = field(default_factory=dict)
    voters: set[str] = field(default_factory=set)

    def add(self, row: Row, sightings: Sightings) -> None:
        """Add the ballot of one row."""
        key = row.cells["vote"], row.cells.get("points", "")
        heap = self.heaps.get(key)
        if heap is None:
            self.heaps[key] = _Heap(1, row.line)
        else:
            heap.number += 1
        voter = row.cells["voter_id"]
        if voter in self.voters:
            sightings.note(Doubt.REPEATED_VOTERS, row.line)
        self.voters.add(voter)


@dataclass(frozen=True)
class Ballots:
    """The ballots as the rules of counting take them; points in units of 10^-``decimals``."""

    multiset: Mapping[Ballot, int]
    decimals: int


@dataclass(frozen=True)
class _Parsed:
    heap: _Heap
    choices: tuple[str, ...]
    points: tuple[Figure, ...]


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",")] if cell else []


def _choices(cell: str, heap: _Heap, known: frozenset[str]) -> list[str]:
    choices = _split(cell)
    for choice in choices:
        if choice and choice not in known:
            raise refusals.UnknownProject(heap.line, project=choice)
    return choices


def _with_points(vote: str, points: str, heap: _Heap, known: frozenset[str]) -> _Parsed:
    choices = _choices(vote, heap, known)
    if "" in choices:
        raise refusals.EmptyChoice(heap.line)
    cells = _split(points)
    if len(cells) != len(choices):
        raise refusals.PointsDoNotMatch(heap.line, choices=len(choices), points=len(cells))
    figures = (figure(cell, line=heap.line, column="points") for cell in cells)
    return _Parsed(heap, tuple(choices), tuple(figures))


def _without_points(vote: str, heap: _Heap, known: frozenset[str], sightings: Sightings) -> _Parsed:
    choices = _choices(vote, heap, known)
    named = tuple(choice for choice in choices if choice)
    if len(named) < len(choices):
        # Between project ids nothing can be lost by an extra comma, and other readers pass over it.
        sightings.note(Doubt.EMPTY_CHOICES, heap.line, heap.number)
    return _Parsed(heap, named, ())


def _note(ballot: Ballot, heap: _Heap, most: int, sightings: Sightings) -> None:
    once = distinct(ballot)
    if not ballot.choices:
        sightings.note(Doubt.BLANK, heap.line, heap.number)
    if once != ballot:
        repeated = Doubt.REPEATED_POINTS if ballot.points else Doubt.REPEATED_PICKS
        sightings.note(repeated, heap.line, heap.number)
    if len(once.choices) > most:
        sightings.note(Doubt.TOO_MANY_CHOICES, heap.line, heap.number)


def _gathered(parsed: Iterable[_Parsed], most: int, sightings: Sightings) -> Ballots:
    ballots = list(parsed)
    decimals = max((f.significant for one in ballots for f in one.points), default=0)
    multiset: dict[Ballot, int] = {}
    for one in ballots:
        ballot = Ballot(one.choices, tuple(f.at(decimals) for f in one.points))
        _note(ballot, one.heap, most, sightings)
        multiset[ballot] = multiset.get(ballot, 0) + one.heap.number
    return Ballots(multiset, decimals)


def ballots_of(
    pile: Pile, kind: BallotKind, known: frozenset[str], most: int, sightings: Sightings
) -> Ballots:
    """Read the gathered ballots, all of them; refuse the first that cannot be read.

    ``most`` is how many different projects a ballot may name; ballots with more count all the same.
    """
    heaps = sorted(pile.heaps.items(), key=lambda item: item[1].line)
    if kind is BallotKind.CUMULATIVE:
        parsed = (_with_points(vote, points, heap, known) for (vote, points), heap in heaps)
    else:
        parsed = (_without_points(vote, heap, known, sightings) for (vote, _), heap in heaps)
    return _gathered(parsed, most, sightings)
