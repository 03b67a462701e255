"""How far a project has come, in figures that anybody can check. Plain values."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from voting.delivery.rules.states import PUBLIC_NAMES, STATE_NAMES, ProjectState, public_state


class Dated(Protocol):
    """Something planned for a day and done on a day."""

    planned_on: date
    done_on: date | None


def percent_of(done: int, total: int) -> int:
    """Return how many hundredths of the milestones are done, rounded down: 100 only when all are."""
    return done * 100 // total if total else 0


def written_state(state: str, *, is_terminated: bool = False) -> str:
    """Return a state as the neighbours read it: the public word, the fine state in brackets."""
    fine = ProjectState(state)
    word, name = PUBLIC_NAMES[public_state(fine, is_terminated=is_terminated)], STATE_NAMES[fine]
    return word if word == name else f"{word}（{name}）"


def overdue(milestones: Sequence[Dated], today: date) -> int:
    """Return how many milestones are not done although their day has passed."""
    return sum(one.done_on is None and one.planned_on < today for one in milestones)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def read_month(text: str) -> date | None:
    """Return the first day of a month written as ``2026-11``, or None."""
    year, _, month = text.partition("-")
    if not (year.isdecimal() and month.isdecimal() and text.isascii()):
        return None
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None
