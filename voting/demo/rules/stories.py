"""The rounds of the demo: what each decides, how far it has come, and on which days what was done.

What was reported is kept: in 南烟小区 the meeting came 12 days after the start and the list 21 days after
it; in 朝阳小区 48 proposals became 39 candidates, everybody had at most 10 choices, 2,177 ballots came in
(70 %) and 38 works were chosen; in 站南巷社区 the list was fixed 15 days after the last proposal.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from voting.calendar.rules import is_working_day
from voting.demo.rules.places import CHAOYANG, ZHANNAN, Office
from voting.demo.rules.works import MORE_WORKS, WORKS, Work
from voting.rounds.rules import Phase, suggested_choices

VOTE_LENGTH = 7


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

    @property
    def closes(self) -> date:
        """The last day of voting."""
        return self.opens + timedelta(days=VOTE_LENGTH - 1)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One round. Money in yuan; ``cards`` were printed, ``handed`` out and ``cast`` until today.

    ``unprinted`` cards wait for a printer. ``merged`` proposals went into works somebody else had proposed.
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

    @property
    def most(self) -> int:
        """At most so many choices for each."""
        return suggested_choices(len(self.works))


def stories(today: date) -> list[Story]:
    """Return the rounds as they stand on a day, the one with a vote on first."""
    return [_voting(today), _public(today), _counting(today), *_before_the_vote(today)]


def voting_again(today: date) -> Story:
    """Return the round with a vote on, for a day on which the first one is over."""
    return replace(_voting(today), seed=today.toordinal())


def _voting(today: date) -> Story:
    return Story(
        area="南烟小区",
        office=CHAOYANG,
        ends=Phase.VOTING,
        days=_days(
            today - timedelta(days=2), approved=28, until=19, deliberating=16, shortlisted=7
        ),
        budget=1_000_000,
        works=WORKS,
        merged=13,
        people=812,
        buildings=12,
        cards=600,
        unprinted=120,
        handed=431,
        cast=372,
        seed=812,
    )


def _public(today: date) -> Story:
    posted = _worked(today - timedelta(days=1))
    opens = posted - timedelta(days=VOTE_LENGTH)
    days = _days(opens, approved=45, until=30, deliberating=25, shortlisted=14)
    return Story(
        area="朝阳小区",
        office=CHAOYANG,
        ends=Phase.PUBLICITY,
        days=replace(days, posted=posted),
        budget=2_000_000,
        works=WORKS,
        merged=9,
        people=3110,
        buildings=36,
        cards=3266,
        handed=2177,
        cast=2177,
        meeting="召开项目推选大会，8 个讨论小组、上百人到会",
        seed=2020,
    )


def _counting(today: date) -> Story:
    return Story(
        area="江西木材厂家属院",
        office=CHAOYANG,
        ends=Phase.COUNTING,
        days=_days(today - timedelta(days=VOTE_LENGTH), until=25, deliberating=18, shortlisted=10),
        budget=400_000,
        works=WORKS[1:32:2],
        merged=4,
        people=426,
        buildings=8,
        cards=448,
        handed=301,
        cast=286,
        seed=426,
    )


def _before_the_vote(today: date) -> list[Story]:
    announced = Story(
        area="站南巷社区",
        office=ZHANNAN,
        ends=Phase.VOTE_ANNOUNCED,
        days=_days(today + timedelta(days=3), until=25, deliberating=18, shortlisted=10),
        budget=1_200_000,
        works=WORKS + MORE_WORKS,
        merged=13,
        people=2468,
        buildings=42,
        unprinted=600,
        seed=928,
    )
    soon = today + timedelta(days=44)
    collecting = Story(
        area="朝阳小区社区",
        office=CHAOYANG,
        ends=Phase.COLLECTING,
        days=_days(soon, approved=50, until=35, deliberating=25, shortlisted=14),
        budget=300_000,
        works=WORKS[2:28:3],
        merged=4,
        seed=15,
    )
    later = _days(today + timedelta(days=150))
    draft = Story(
        area="南烟小区",
        office=CHAOYANG,
        ends=Phase.DRAFT,
        days=replace(later, approved=_worked(today - timedelta(days=1))),
        budget=500_000,
    )
    return [announced, collecting, draft]


def _days(
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
    worked = _worked(wanted)
    return Days(
        approved=opens - timedelta(days=approved),
        collecting_until=opens - timedelta(days=until),
        deliberating=opens - timedelta(days=deliberating),
        shortlisted=listed,
        # A long holiday does not move the announcement before the list it announces.
        announced=worked if worked > listed else wanted,
        opens=opens,
    )


def _worked(day: date) -> date:
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
