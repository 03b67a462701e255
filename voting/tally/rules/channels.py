"""Votes by channel: which cells of that table may be shown so that nobody finds the others (comparing.md).

A reader knows the votes of each project, how many ballots came by each group of channels, how many were
blank or invalid, and the least and most choices. A cell is hidden where fewer than ten ballots of the group
name the project, or fewer than ten do not; others go with it until nothing hidden follows from what is known.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voting.figures import LEAST_SHOWN

Cells = frozenset[tuple[str, str]]
# The row totals of a table may move against one another; this stands for all of them.
_ROWS = ""


@dataclass(frozen=True)
class ChannelVotes:
    """That so many of the ``ballots`` of a group of channels (``assisted+card``) name a project."""

    channel: str
    id: str
    votes: int
    ballots: int


def digest_of(cells: Iterable[ChannelVotes]) -> bytes:
    """Return SHA-256 over the cells that are shown, in the order of channel and project."""
    lines = sorted(f"{one.channel}\n{one.id}\n{one.votes}\n{one.ballots}\n" for one in cells)
    return hashlib.sha256("".join(lines).encode()).digest()


@dataclass(frozen=True, kw_only=True)
class ChannelTable:
    """The whole table, of which a part may be shown: ``votes`` by group and project.

    ``ballots`` are those of each group; ``uncounted`` is how many of these were blank or invalid: a reader
    may know it, since papers without a valid choice never reach the urn. A counted ballot names at least
    ``fewest`` and at most ``most`` projects. ``least`` is the smallest number of people that is told.
    """

    votes: Mapping[str, Mapping[str, int]]
    ballots: Mapping[str, int]
    uncounted: Mapping[str, int]
    fewest: int
    most: int
    least: int = LEAST_SHOWN

    @property
    def ids(self) -> list[str]:
        """The projects."""
        return list(next(iter(self.votes.values()), {}))

    def shown(self) -> list[ChannelVotes]:
        """Return the cells that may be shown, by project and group; none where there is one group only."""
        if len(self.votes) < 2 or min(self.ballots.values()) < self.least:  # noqa: PLR2004 -- two groups
            return []
        hidden = self._hidden()
        return [
            ChannelVotes(group, id, self.votes[group][id], self.ballots[group])
            for id in self.ids
            for group in self.votes
            if (group, id) not in hidden
        ]

    def _hidden(self) -> Cells:
        everything = frozenset((group, id) for id in self.ids for group in self.votes)
        hidden = frozenset(cell for id in self.ids for cell in self._hidden_of(id))
        # What the published totals alone give away (nobody voted for it) cannot be hidden.
        known = set(self.fixed(everything)) if hidden else set()
        left = sorted(self.ids, key=lambda id: (sum(row[id] for row in self.votes.values()), id))
        while left and not known.issuperset(self.fixed(hidden)):
            hidden |= {(group, left[0]) for group in self.votes}
            left.pop(0)
        return hidden

    def _hidden_of(self, id: str) -> list[tuple[str, str]]:
        """Return the cells of a project to hide: the small ones, and more until none follows from a sum."""
        waiting = sorted(self.votes, key=lambda group: (self._size(group, id), group))
        hidden: list[str] = []
        while waiting and (
            self._size(waiting[0], id) < self.least or (hidden and not self._is_covered(hidden, id))
        ):
            hidden.append(waiting.pop(0))
        return [(group, id) for group in hidden]

    def _size(self, group: str, id: str) -> int:
        """Return the smaller of the two numbers of people that a cell tells."""
        votes = self.votes[group][id]
        return min(votes, self._counted(group) - votes)

    def _is_covered(self, hidden: list[str], id: str) -> bool:
        """Tell whether hidden cells of a project are several and not few together: a total tells the sum."""
        votes = sum(self.votes[group][id] for group in hidden)
        others = sum(self._counted(group) for group in hidden) - votes
        return len(hidden) > 1 and min(votes, others) >= self.least

    def fixed(self, hidden: Cells) -> list[tuple[str, str]]:
        """Return the hidden cells that have one value only in every table a reader could think of.

        Tables with the known sums differ by closed ways along which cells go up and down by one in turn
        (flows with whole numbers): a cell can have another value if such a way leads through it.
        """
        ways = self._ways(hidden)
        return sorted(cell for cell in hidden if not self._moves(cell, ways))

    def _ways(self, hidden: Cells) -> dict[str, set[str]]:
        """Return along which steps a table may change: up from group to project, down the other way.

        Names of groups and projects are kept apart by a letter.
        """
        ways: dict[str, set[str]] = {_ROWS: set()}
        for group, row in self.votes.items():
            total, ballots = sum(row.values()), self._counted(group)
            ways["g" + group] = {_ROWS} if total > self._fewest_in(group) else set()
            if total < self.most * ballots:
                ways[_ROWS].add("g" + group)
        for group, id in hidden:
            votes, back = self.votes[group][id], ways.setdefault("c" + id, set())
            if votes < self._counted(group):
                ways["g" + group].add("c" + id)
            if votes > 0:
                back.add("g" + group)
        return ways

    def _fewest_in(self, group: str) -> int:
        return max(1, self.fewest) * self._counted(group)

    def _counted(self, group: str) -> int:
        return self.ballots[group] - self.uncounted[group]

    def _moves(self, cell: tuple[str, str], ways: Mapping[str, set[str]]) -> bool:
        group, id = "g" + cell[0], "c" + cell[1]
        up = id in ways[group] and _leads(ways, id, group)
        return up or (group in ways[id] and _leads(ways, group, id))


def _leads(ways: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Tell whether a way leads from start to end that is not the step between the two itself."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for step in ways[here] - seen:
            if step == end and here == start:
                continue
            if step == end:
                return True
            seen.add(step)
            waiting.append(step)
    return False


def together(
    groups: Iterable[str], by_channel: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """Return figures of single channels added up for groups of them (``assisted+card``)."""
    added: dict[str, dict[str, int]] = {}
    for names in groups:
        row = added.setdefault(names, {})
        for name in names.split("+"):
            for id, number in by_channel[name].items():
                row[id] = row.get(id, 0) + number
    return added
