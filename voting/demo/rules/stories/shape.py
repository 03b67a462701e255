"""What a round of the demo is made of: its days, its figures, how far it has come."""

from dataclasses import dataclass
from datetime import date, timedelta

from voting.calendar.rules import is_working_day
from voting.demo.rules.fates import Fate
from voting.demo.rules.places import Office
from voting.demo.rules.works import Work
from voting.rounds.rules import STRAIGHT_PATH, Phase, SealWay, suggested_choices

VOTE_LENGTH = 7
# How far a round came on the straight path before it was halted, ended or found void.
_ASIDE = {
    Phase.PAUSED: Phase.COLLECTING,
    Phase.TERMINATED: Phase.DELIBERATING,
    Phase.VOTE_VOID: Phase.COUNTING,
    Phase.OBJECTION: Phase.PUBLICITY,
}


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days of one round; whatever lies behind today has happened."""

    approved: date
    collecting_until: date
    deliberating: date
    shortlisted: date
    announced: date
    opens: date
    posted: date | None = None
    aside: date | None = None
    again: date | None = None

    @property
    def closes(self) -> date:
        """The last day of voting."""
        return self.opens + timedelta(days=VOTE_LENGTH - 1)

    @property
    def screened(self) -> date:
        """The day on which proposals are put together, the first on which none is collected any more."""
        return self.collecting_until + timedelta(days=1)

    @property
    def confirmed(self) -> date:
        """The day on which the street confirms the result, whatever holidays the publicity went over."""
        return (self.posted or self.closes) + timedelta(days=22)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One round. Money in yuan; ``cards`` were printed, ``handed`` out and ``cast`` until today.

    ``unprinted`` cards wait for a printer. ``merged`` proposals went into works somebody else had proposed.
    ``fates`` are proposals with a story of their own, ``unfit`` a work that fails the review, ``spare`` one
    that the meeting keeps for another year. ``prints`` says whether its papers are printed at once.
    """

    area: str
    office: Office
    ends: Phase
    days: Days
    budget: int
    works: tuple[Work, ...] = ()
    merged: int = 0
    people: int = 0
    buildings: int = 1
    cards: int = 0
    unprinted: int = 0
    handed: int = 0
    cast: int = 0
    meeting: str = "召开项目推选大会，确定候选名单"
    seed: int = 0
    kind: str = "real"
    fates: tuple[Fate, ...] = ()
    unfit: Work | None = None
    spare: Work | None = None
    prints: bool = False
    seal_way: SealWay = SealWay.SERVER
    # whether people may also come by the poster
    by_poster: bool = False

    @property
    def most(self) -> int:
        """At most so many choices for each."""
        return suggested_choices(len(self.works))

    @property
    def candidates(self) -> tuple[Work, ...]:
        """Every work that was proposed, those that never reach the ballot last."""
        return (*self.works, *(work for work in (self.unfit, self.spare) if work))

    def has_reached(self, phase: Phase) -> bool:
        """Tell whether the round has come as far as a phase of the straight path."""
        far = _ASIDE.get(self.ends, self.ends)
        return STRAIGHT_PATH.index(phase) <= STRAIGHT_PATH.index(far)


def days_before(
    opens: date,
    *,
    approved: int = 40,
    until: int = 25,
    deliberating: int = 18,
    shortlisted: int = 10,
    announced: int = 4,
) -> Days:
    """Return the days of a round, each given as so many days before voting opens."""
    listed = opens - timedelta(days=shortlisted)
    wanted = opens - timedelta(days=announced)
    worked = last_worked(wanted)
    return Days(
        approved=opens - timedelta(days=approved),
        collecting_until=opens - timedelta(days=until),
        deliberating=opens - timedelta(days=deliberating),
        shortlisted=listed,
        # A long holiday does not move the announcement before the list it announces.
        announced=worked if worked > listed else wanted,
        opens=opens,
    )


def last_worked(day: date) -> date:
    """Return the day, or the last working day before it."""
    while not is_working_day(day, {}):
        day -= timedelta(days=1)
    return day


def days_between(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]


def shares(number: int, days: int) -> list[int]:
    """Return a number shared out over some days, as evenly as it goes; no days get nothing."""
    return [number * (index + 1) // days - number * index // days for index in range(days)]


def title_of(area: str, year: int, number: int) -> str:
    """Return the title of the ``number``-th round of an area in a year."""
    turn = "" if number == 1 else f"第{_NUMERALS[number] if number < len(_NUMERALS) else number}轮"
    return f"{area}{year}年{turn}“幸福微实事”"


_NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
