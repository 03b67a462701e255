"""What the charts of a result draw: the same values for a page, for a frame elsewhere and for the paper.

A chart has no figure of its own. Everything is a whole number; the drawing (templates/_macros) makes
lengths of two of them. The values are stored with the notice, so that it is printed again as it was.
"""

from dataclasses import dataclass
from datetime import date

from voting.results.rules.facts import CategoryLine, ChannelLine, ResultFacts
from voting.roll.rules.days import MarkedDays


@dataclass(frozen=True)
class VoteLine:
    """One candidate: its number on the ballot, its votes, its cost in cents, whether it gets the money."""

    number: int
    title: str
    votes: int
    cost: int
    funded: bool


@dataclass(frozen=True)
class Piece:
    """A funded project as a piece of the money: ``before`` is what those chosen before it cost, in cents."""

    number: int
    before: int
    cost: int


@dataclass(frozen=True)
class DayLine:
    """People marked on a day, or on a few days together, after the ``before`` who had been marked."""

    first: date
    last: date
    before: int
    marked: int

    @property
    def total(self) -> int:
        """How many people were marked by the end of the last day."""
        return self.before + self.marked


@dataclass(frozen=True)
class ResultCharts:
    """Everything the charts of a result draw. ``budget`` in cents; ``votes`` by rank, withdrawn ones last."""

    budget: int
    valid: int
    ballots: int
    roll: int
    votes: tuple[VoteLine, ...]
    categories: tuple[CategoryLine, ...]
    channels: tuple[ChannelLine, ...]
    days: tuple[MarkedDays, ...]

    @property
    def funded(self) -> list[VoteLine]:
        """The funded projects, in the order in which they were chosen."""
        return [line for line in self.votes if line.funded]

    @property
    def unfunded(self) -> list[VoteLine]:
        """The projects that were not funded."""
        return [line for line in self.votes if not line.funded]

    @property
    def full(self) -> int:
        """The votes that fill a bar: all valid ballots, so that a bar is as long as its share.

        Where a ballot gives points a project can have more than there are ballots.
        """
        return max(self.valid, *(line.votes for line in self.votes), 1)

    @property
    def spent(self) -> int:
        """What the funded projects cost together, in cents."""
        return sum(line.cost for line in self.funded)

    @property
    def money(self) -> int:
        """The money that fills the bar, in cents."""
        return max(self.budget, self.spent)

    @property
    def pieces(self) -> list[Piece]:
        """The bar of the budget, cut into the funded projects; one that costs nothing has no piece."""
        pieces, before = [], 0
        for line in self.funded:
            if line.cost:
                pieces.append(Piece(line.number, before, line.cost))
            before += line.cost
        return pieces

    @property
    def shown_channels(self) -> list[ChannelLine]:
        """The channels that are drawn; none where there is only one to tell of."""
        told = [line for line in self.channels if line.ballots is not None]
        return told if len(told) > 1 else []

    @property
    def turnout(self) -> list[DayLine]:
        """How many people had been marked by each day; none where all days lie together."""
        lines, before = [], 0
        for one in self.days if len(self.days) > 1 else ():
            lines.append(DayLine(one.first, one.last, before, one.marked))
            before += one.marked
        return lines


def charts_of(facts: ResultFacts) -> ResultCharts:
    """Return what the charts of a result draw."""
    return ResultCharts(
        budget=facts.budget,
        valid=facts.valid,
        ballots=facts.ballots,
        roll=facts.roll,
        votes=tuple(
            VoteLine(line.number, line.title, line.votes, line.cost, line.funded)
            for line in facts.projects
        ),
        categories=tuple(facts.by_category),
        channels=tuple(facts.by_channel),
        days=facts.days,
    )
