"""Working days as this street knows them, and the table in which it enters what it knows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.calendar import rules
from voting.calendar.models import Holiday
from voting.calendar.rules import FESTIVALS, WorkingDays, nth_working_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record

# No run of days off is longer than this: 366 working days end inside three times as many days.
_REACH = 3
_SPARE = timedelta(days=60)
_MOST_AT_ONCE = 31


class DayAlreadyEntered(Refusal):
    """The table says something about this day already."""

    msgid = "%(day)s已经在表里。要改的话，请先删除原来那一行，再重新添加。"
    field = "first"


class PeriodTooLong(Refusal):
    """Nobody is off for more than a month."""

    msgid = "一次最多添加 %(most)d 天。请核对起止日期。"
    field = "last"


class EndsBeforeStart(Refusal):
    """The last day lies before the first."""

    msgid = "结束日期不能早于开始日期。"
    field = "last"


def working_day_after(
    session: Session, day: date, n: int, *, counts_first: bool = False
) -> WorkingDays:
    """Return the ``n``-th working day after ``day`` and the years whose holidays are not known."""
    end = day + timedelta(days=n * _REACH) + _SPARE
    rows = session.execute(select(Holiday.day, Holiday.works).where(Holiday.day.between(day, end)))
    return nth_working_day(
        day,
        n,
        {row.day: row.works for row in rows},
        entered_years=entered_years(session, range(day.year, end.year + 1)),
        counts_first=counts_first,
    )


def is_working_day(session: Session, day: date) -> bool:
    """Tell whether a day is worked."""
    row = session.get(Holiday, day)
    return rules.is_working_day(day, {day: row.works} if row else {})


def entered_years(session: Session, years: Iterable[int]) -> frozenset[int]:
    """Return those years for which the table holds a day of every festival."""
    asked = sorted(set(years))
    rows = session.execute(
        select(Holiday.day, Holiday.name).where(
            Holiday.day.between(date(asked[0], 1, 1), date(asked[-1], 12, 31)),
            Holiday.works.is_(False),
            Holiday.name.in_(FESTIVALS),
        )
    )
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row.day.year].add(row.name)
    return frozenset(year for year, names in found.items() if len(names) == len(FESTIVALS))


def holidays_of(session: Session, year: int) -> list[Holiday]:
    """Return what the table says about a year, in order of the days."""
    within = Holiday.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(select(Holiday).where(within).order_by(Holiday.day)))


def add_holidays(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    first: date,
    last: date,
    works: bool,
    name: str,
) -> list[Holiday]:
    """Enter days off, or worked weekend days; raise DayAlreadyEntered, EndsBeforeStart, PeriodTooLong."""
    if last < first:
        raise EndsBeforeStart
    if (last - first).days >= _MOST_AT_ONCE:
        raise PeriodTooLong(most=_MOST_AT_ONCE)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    holidays = [Holiday(day=day, works=works, name=name) for day in days]
    for holiday in holidays:
        _add(session, holiday)
    record(
        session,
        actor,
        "calendar.add_holidays",
        now=now,
        kind="holiday",
        id=first.isoformat(),
        last=last.isoformat(),
        works=works,
        name=name,
    )
    return holidays


def _add(session: Session, holiday: Holiday) -> None:
    try:
        with session.begin_nested():
            session.add(holiday)
    except IntegrityError as taken:
        day = holiday.day
        raise DayAlreadyEntered(day=f"{day.year}年{day.month}月{day.day}日") from taken


def remove_holiday(session: Session, *, now: datetime, actor: Actor, day: date) -> None:
    """Take a day off the table; raise NotFound."""
    holiday = session.get(Holiday, day)
    if holiday is None:
        raise NotFound
    session.delete(holiday)
    record(session, actor, "calendar.remove_holiday", now=now, kind="holiday", id=day.isoformat())
