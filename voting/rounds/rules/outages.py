"""When silence of the platform was an outage of a vote, and how much of it was lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta

# A sign of life comes every minute; one that is late is no outage yet.
LONGEST_SILENCE = timedelta(minutes=3)
_MINUTE = timedelta(minutes=1)


def lost_of(
    since: datetime, until: datetime, *, opens_at: datetime, closing: datetime
) -> tuple[datetime, datetime] | None:
    """Return the part of a silence in which people would have voted, or None."""
    if until - since <= LONGEST_SILENCE:
        return None
    begun, ended = max(since, opens_at), min(until, closing)
    return (begun, ended) if begun < ended else None


def minutes_lost(outages: Iterable[tuple[datetime, datetime]]) -> int:
    """Return the minutes of all outages together; a minute that was begun was lost."""
    lost = sum((until - since for since, until in outages), timedelta())
    return -(-lost // _MINUTE)
