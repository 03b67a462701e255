"""Working days by plain arithmetic: what is known of a day, and which day is the n-th.

Sources: the library chinesecalendar (what the State Council announced, 2004 to the last year it knows);
above it whatever the caller knows better; below it, for years nobody knows yet, Monday to Friday.
A period begins on the day after its event and never ends on a day off (民法典 200–203; practice.md §1.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

# 全国年节及纪念日放假办法: who has entered a day for each of them has entered the year's arrangement.
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
OTHER_NAMES = ("调休", "其他")
MOST_DAYS = 366
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The last day of a period, and the years whose holidays nobody knew when it was computed."""

    last_day: date
    doubtful_years: tuple[int, ...] = ()


def library_knows(year: int) -> bool:
    """Tell whether the library has the arrangement of a year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date, above: Mapping[date, bool]) -> bool:
    """Tell whether ``day`` is worked: ``above`` (the holiday table) wins, then the library, then Mo–Fr."""
    if day in above:
        return above[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def nth_working_day(
    day: date,
    count: int,
    above: Mapping[date, bool],
    *,
    entered_years: frozenset[int] = frozenset(),
    counts_first: bool = False,
) -> WorkingDays:
    """Return the ``count``-th working day after ``day``.

    With ``counts_first`` the day of posting is the first day if it is worked. With a count of 0 the
    period ends on ``day`` itself, or on the next working day. ``entered_years`` are the years whose
    arrangement stands in ``above`` in full. Raises ValueError for a count outside 0 to 366.
    """
    if not 0 <= count <= MOST_DAYS:
        raise ValueError(f"a period of {count} working days")
    at = day if counts_first or count == 0 else day + timedelta(days=1)
    left = max(count, 1)
    years = {day.year}
    while True:
        years.add(at.year)
        left -= is_working_day(at, above)
        if left == 0:
            break
        at += timedelta(days=1)
    doubtful = (year for year in years if year not in entered_years and not library_knows(year))
    return WorkingDays(last_day=at, doubtful_years=tuple(sorted(doubtful)))
