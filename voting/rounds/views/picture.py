"""The time line of a plan as its form shows it, before anything is kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from voting.clock import local_day
from voting.rounds.forms import USUAL_YEARS, RoundForm
from voting.rounds.rules import (
    DaysAsked,
    GivenDays,
    OpensTooSoon,
    PlannedDays,
    Stretch,
    WorkDays,
    check_reachable,
    days_remarks,
    earliest_opening,
    planned_days,
    stretches,
)
from voting.rounds.service import work_days
from voting.web.db import get_session, now
from voting.web.text import _, say

# A picture of more than two years shows nothing.
_WIDEST = timedelta(days=730)


@dataclass(frozen=True)
class Bar:
    """One stage and its place in the picture, in days from the left edge."""

    stretch: Stretch
    offset: int


@dataclass(frozen=True)
class Picture:
    """The days of a plan, if they can be worked out; what is unusual; the earliest opening, if too soon."""

    earliest: date
    days: PlannedDays | None = None
    bars: tuple[Bar, ...] = ()
    width: int = 1
    remarks: tuple[str, ...] = ()
    too_soon: str = ""


def picture_of(form: RoundForm) -> Picture:
    """Work out the picture of what stands in the form now."""
    opens_on, today = _usual(form.opens_day.data), local_day(now())
    work = work_days(get_session(), opens_on or today)
    earliest = earliest_opening(work if not opens_on else work_days(get_session(), today), today)
    asked = _asked(form)
    if asked is None:
        return Picture(earliest)
    days = planned_days(work, asked)
    parts = stretches(days)
    return Picture(
        earliest=earliest,
        days=days,
        bars=tuple(Bar(part, (part.first - parts[0].first).days) for part in parts),
        width=max((days.answer_until - parts[0].first).days + 1, 1),
        remarks=tuple(_(remark.msgid, **remark.values) for remark in days_remarks(days)),
        too_soon=_too_soon(work, days, asked, today),
    )


def _usual(day: date | None) -> date | None:
    return day if day and day.year in USUAL_YEARS else None


def _asked(form: RoundForm) -> DaysAsked | None:
    """Return what the days are worked out from, or None while no sensible picture can be drawn."""
    opens_on, closes_on = _usual(form.opens_day.data), _usual(form.closes_day.data)
    typed = {name: _usual(day) for name, day in vars(form.given_days).items()}
    every = [day for day in (opens_on, closes_on, *typed.values()) if day is not None]
    if opens_on is None or max(every) - min(every) > _WIDEST:
        return None
    publicity, answer = form.publicity_days.data or "", form.answer_days.data or ""
    return DaysAsked(
        opens_on=opens_on,
        closes_on=closes_on if closes_on and closes_on >= opens_on else None,
        given=GivenDays(**typed),
        publicity_days=int(publicity) if publicity in {"3", "5", "7"} else 5,
        answer_days=int(answer) if answer in {str(number) for number in range(1, 11)} else 3,
        posting_day_counts=bool(form.posting_day_counts.data),
    )


def _too_soon(work: WorkDays, days: PlannedDays, asked: DaysAsked, today: date) -> str:
    try:
        check_reachable(work, days, asked.given, today)
    except OpensTooSoon as refusal:
        return say(refusal)
    return ""
