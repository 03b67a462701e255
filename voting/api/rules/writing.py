"""Money, days and moments as open data has them: exact, and the same in JSON and in a table."""

from datetime import date, datetime
from typing import Any

from voting.clock import SHANGHAI
from voting.figures import CENTS_PER_YUAN

Json = dict[str, Any]


def money(cents: int) -> Json:
    """Return an amount in whole cents and, as text, in yuan with two places."""
    return {"cents": cents, "yuan": yuan_text(cents)}


def money_or_none(cents: int | None) -> Json | None:
    """Return an amount that may be unknown."""
    return None if cents is None else money(cents)


def yuan_text(cents: int) -> str:
    """Return yuan with two places: ``12345.60``."""
    whole, rest = divmod(abs(cents), CENTS_PER_YUAN)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def moment(at: datetime) -> str:
    """Return a moment with the offset of Shanghai: ``2026-11-23T10:00:00+08:00``."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def moment_or_none(at: datetime | None) -> str | None:
    """Return a moment that may not have come."""
    return None if at is None else moment(at)


def day_or_none(day: date | None) -> str | None:
    """Return a day that may not be known: ``2026-11-23``."""
    return None if day is None else day.isoformat()
