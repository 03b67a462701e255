"""The days of a round, worked out from the day on which its vote opens.

Backwards and forwards by working days: practice.md §1.5 has the durations, docs/2_rules/planning.md says
how they are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

from voting.calendar.rules import WorkingDays, is_working_day, library_knows, nth_working_day
from voting.errors import Refusal

COLLECTING_DAYS = 15
SCREENING_DAYS = 5
REVIEW_DAYS = 7
MEETING_DAYS = 3
ANNOUNCED_BEFORE = 3
DAYS_OF_VOTING = 7
_DAY = timedelta(days=1)
_MOST_SEARCHED = 400
_LEAST_REST_DAYS = 2
_USUAL_COLLECTING = range(7, 61)


class OpensTooSoon(Refusal):
    """The days before the vote would lie in the past."""

    msgid = (
        "离投票太近，来不及征集、审核。按默认时间最早可以从%(earliest)s开始投票；"
        "已经征集过的，请在“各阶段日期”里自己填。"
    )
    field = "opens_day"


@dataclass(frozen=True)
class WorkDays:
    """Which days are worked: ``above`` is the holiday table, ``entered`` the years it holds in full."""

    above: Mapping[date, bool]
    entered: frozenset[int] = frozenset()

    def after(self, day: date, count: int, *, counts_first: bool = False) -> date:
        """Return the ``count``-th working day after ``day``."""
        return self._after(day, count, counts_first=counts_first).last_day

    def before(self, day: date, count: int) -> date:
        """Return the latest day after which ``count`` working days end on ``day`` or before it."""
        while count:
            count -= self.works(day)
            day -= _DAY
        return day

    def last_by(self, day: date) -> date:
        """Return the last working day that is not later than ``day``."""
        while not self.works(day):
            day -= _DAY
        return day

    def works(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return is_working_day(day, self.above)

    def doubtful(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years between two days whose holidays nobody knows yet."""
        years = range(first.year, last.year + 1)
        return tuple(year for year in years if year not in self.entered and not library_knows(year))

    def _after(self, day: date, count: int, *, counts_first: bool) -> WorkingDays:
        return nth_working_day(day, count, self.above, counts_first=counts_first)


@dataclass(frozen=True)
class GivenDays:
    """The planned days somebody has set by hand; the others are worked out."""

    collecting_from: date | None = None
    collecting_until: date | None = None
    screening_until: date | None = None
    review_until: date | None = None
    announce_on: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody has set any."""
        return all(getattr(self, field.name) is None for field in fields(self))


@dataclass(frozen=True)
class PlannedDays:
    """Every day of a round as planned, and the years in which no holidays are known."""

    collecting_from: date
    collecting_until: date
    screening_until: date
    review_until: date
    announce_on: date
    opens_on: date
    closes_on: date
    posted_on: date
    public_until: date
    answer_until: date
    rest_days: int
    doubtful_years: tuple[int, ...] = ()

    @property
    def before_vote(self) -> GivenDays:
        """Return the days that are kept with the round."""
        return GivenDays(**{field.name: getattr(self, field.name) for field in fields(GivenDays)})


@dataclass(frozen=True)
class Stretch:
    """One stage of the plan, from its first to its last day."""

    name: str
    first: date
    last: date

    @property
    def length(self) -> int:
        """How many days it takes, the first and the last included."""
        return max((self.last - self.first).days + 1, 1)


@dataclass(frozen=True)
class DaysRemark:
    """Something unusual about the days that forbids nothing: a message id and its values."""

    msgid: str
    values: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class DaysAsked:
    """From what the days of a round are worked out; without ``closes_on`` the vote takes a week."""

    opens_on: date
    closes_on: date | None = None
    given: GivenDays = GivenDays()
    publicity_days: int = 5
    answer_days: int = 3
    posting_day_counts: bool = False


def planned_days(work: WorkDays, asked: DaysAsked) -> PlannedDays:
    """Work out the days of a round; what is given stands, and what lies before follows from it."""
    given = asked.given
    announce = given.announce_on or work.last_by(asked.opens_on - ANNOUNCED_BEFORE * _DAY)
    review = given.review_until or work.last_by(work.before(announce, MEETING_DAYS))
    screening = given.screening_until or work.last_by(work.before(review, REVIEW_DAYS))
    collected = given.collecting_until or work.before(screening, SCREENING_DAYS)
    closes = asked.closes_on or asked.opens_on + (DAYS_OF_VOTING - 1) * _DAY
    posted = work.after(closes, 1)
    public = work.after(posted, asked.publicity_days, counts_first=asked.posting_day_counts)
    first = given.collecting_from or collected - (COLLECTING_DAYS - 1) * _DAY
    answered = work.after(public, asked.answer_days)
    return PlannedDays(
        collecting_from=first,
        collecting_until=collected,
        screening_until=screening,
        review_until=review,
        announce_on=announce,
        opens_on=asked.opens_on,
        closes_on=closes,
        posted_on=posted,
        public_until=public,
        answer_until=answered,
        rest_days=_rest_days(work, asked.opens_on, closes),
        doubtful_years=work.doubtful(min(first, asked.opens_on), answered),
    )


def earliest_opening(work: WorkDays, today: date) -> date:
    """Return the first day on which a vote can open if collecting begins tomorrow at the soonest."""
    opens = today + COLLECTING_DAYS * _DAY
    for _ in range(_MOST_SEARCHED):
        if planned_days(work, DaysAsked(opens_on=opens)).collecting_from > today:
            break
        opens += _DAY
    return opens


def check_reachable(work: WorkDays, days: PlannedDays, given: GivenDays, today: date) -> None:
    """Raise OpensTooSoon when a day that was worked out, not set by hand, has gone by."""
    names = (field.name for field in fields(GivenDays))
    worked_out = (getattr(days, name) for name in names if getattr(given, name) is None)
    if any(day < today for day in worked_out):
        earliest = earliest_opening(work, today)
        raise OpensTooSoon(earliest=f"{earliest.year}年{earliest.month}月{earliest.day}日")


def stretches(days: PlannedDays) -> list[Stretch]:
    """Return the stages of the plan in order, for a picture of the time line."""
    return [
        Stretch("征集建议", days.collecting_from, days.collecting_until),
        Stretch("初审、合并同类项", days.collecting_until + _DAY, days.screening_until),
        Stretch("街道联审", days.screening_until + _DAY, days.review_until),
        Stretch("推选大会、定候选", days.review_until + _DAY, days.announce_on),
        Stretch("投票公告", days.announce_on, days.opens_on - _DAY),
        Stretch("投票，截止当晚计票", days.opens_on, days.closes_on),
        Stretch("审定、张贴结果公示", days.closes_on + _DAY, days.posted_on),
        Stretch("结果公示", days.posted_on, days.public_until),
        Stretch("答复异议", days.public_until + _DAY, days.answer_until),
    ]


def days_remarks(days: PlannedDays) -> list[DaysRemark]:
    """Return what is unusual about the days."""
    found = [
        DaysRemark("（未含 %(year)s 年节假日安排，以街道核定为准）", {"year": year})
        for year in days.doubtful_years
    ]
    collecting = (days.collecting_until - days.collecting_from).days + 1
    if collecting not in _USUAL_COLLECTING:
        found.append(DaysRemark("征集 %(days)s 天，一般是 7 到 60 天。", {"days": collecting}))
    announced = (days.opens_on - days.announce_on).days
    if announced < ANNOUNCED_BEFORE:
        found.append(DaysRemark("投票前只公告 %(days)s 天，一般至少 3 天。", {"days": announced}))
    if days.rest_days < _LEAST_REST_DAYS:
        found.append(
            DaysRemark(
                "投票期间只有 %(days)s 个休息日，上班的人可能来不及投。一般要有 2 个。",
                {"days": days.rest_days},
            )
        )
    return found


def _rest_days(work: WorkDays, first: date, last: date) -> int:
    if last < first:
        return 0
    return sum(not work.works(first + at * _DAY) for at in range((last - first).days + 1))
