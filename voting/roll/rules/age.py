"""Age on the day of reference, and the bands in which turnout is reported.

"Above" includes the number itself (民法典 art. 1259). On the birthday itself two readings exist: elections
of residents' committees count it, criminal law counts from the next day; so it is a setting of the round
(identity.md §3.3). Whoever is born on 29 February has the birthday on the 28th in other years (art. 202: the
last day of the month where there is no such day).
"""

from datetime import date
from enum import StrEnum

from voting.errors import Refusal

LIKELY_AGE = 105
EARLIEST_BIRTH = date(1900, 1, 1)


class AgeBand(StrEnum):
    """The bands of turnout figures; a person's exact age is not kept."""

    UNDER_15 = "0-14"
    FROM_15 = "15-17"
    FROM_18 = "18-34"
    FROM_35 = "35-59"
    FROM_60 = "60-69"
    FROM_70 = "70+"


_LOWEST = (
    (70, AgeBand.FROM_70),
    (60, AgeBand.FROM_60),
    (35, AgeBand.FROM_35),
    (18, AgeBand.FROM_18),
    (15, AgeBand.FROM_15),
)


class TooYoung(Refusal):
    """The person has not reached the least age on the day of reference."""

    msgid = (
        "到 %(day)s 未满 %(age)s 周岁，不列入名册。可以由监护人代提建议，本人可以报名当小小观察员。"
    )
    status = 422


class UnlikelyAge(Refusal):
    """Older than people usually get: a wrong digit more often than a person."""

    msgid = (
        "算出来超过 105 岁，请核对出生日期。没有错的，请勾选“105 岁以上的人已经核对过”，再来一次。"
    )
    status = 422


def age_on(born: date, day: date, *, birthday_counts: bool = True) -> int:
    """Return the full years of a person on ``day``; negative before the birth.

    ``birthday_counts`` False means that a year is full only on the day after the birthday.
    """
    birthday = _birthday(born, day.year)
    reached = birthday <= day if birthday_counts else birthday < day
    return day.year - born.year - (0 if reached else 1)


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_band(age: int) -> AgeBand:
    """Return the band of an age in full years."""
    return next((band for least, band in _LOWEST if age >= least), AgeBand.UNDER_15)


def require_age(
    born: date, *, day: date, min_age: int, birthday_counts: bool, old_ages_checked: bool
) -> int:
    """Return the age on the day of reference; raise TooYoung or UnlikelyAge."""
    age = age_on(born, day, birthday_counts=birthday_counts)
    if age < min_age:
        raise TooYoung(day=f"{day.year}年{day.month}月{day.day}日", age=min_age)
    if age > LIKELY_AGE and not old_ages_checked:
        raise UnlikelyAge
    return age
