"""The calendar of this street, loaded once for all the days of a plan."""

from dataclasses import asdict, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.areas.service import areas_above
from voting.calendar.models import Holiday
from voting.calendar.service import entered_years
from voting.clock import local_day
from voting.rounds.rules import (
    DAY_NAMES,
    DaysAsked,
    GivenDays,
    OpensTooSoon,
    Plan,
    WorkDays,
    check_plan,
    check_reachable,
    planned_days,
)

_YEARS_BACK = 1
_YEARS_ON = 2


def work_days(session: Session, around: date) -> WorkDays:
    """Return the working days of the years around a day, as this street knows them."""
    first, last = around.year - _YEARS_BACK, around.year + _YEARS_ON
    between = Holiday.day.between(date(first, 1, 1), date(last, 12, 31))
    rows = session.execute(select(Holiday.day, Holiday.works).where(between))
    return WorkDays(
        above={row.day: row.works for row in rows},
        entered=entered_years(session, range(first, last + 1)),
    )


def help_number_of(session: Session, area: Area) -> str:
    """Return the number residents of an area call: its own, or that of the nearest area above it."""
    chain = [*areas_above(session, area), area]
    return next((one.help_number for one in reversed(chain) if one.help_number), "")


def fit_days(session: Session, plan: Plan, *, today: date, is_rehearsal: bool = False) -> Plan:
    """Return a plan with the days before the vote worked out where none were set by hand.

    Raises what ``check_plan`` finds, or OpensTooSoon when a day has gone by; a rehearsal then does without.
    """
    check_plan(plan)
    asked = days_asked(plan)
    work = work_days(session, asked.opens_on)
    days = planned_days(work, asked)
    try:
        check_reachable(work, days, asked.given, today)
    except OpensTooSoon:
        if is_rehearsal:
            return plan
        raise
    return replace(plan, **asdict(days.before_vote))


def days_asked(plan: Plan) -> DaysAsked:
    """Return from what the days of a plan are worked out."""
    return DaysAsked(
        opens_on=local_day(plan.opens_at),
        closes_on=local_day(plan.closes_at),
        given=GivenDays(**{name: getattr(plan, name) for name in DAY_NAMES}),
        publicity_days=plan.publicity_days,
        answer_days=plan.answer_days,
        posting_day_counts=plan.posting_day_counts,
    )
