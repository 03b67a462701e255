"""What is due at a moment; the times of what was done last come from whoever did it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voting.clock import SHANGHAI

BETWEEN_CHECKPOINTS = timedelta(minutes=5)
# Few vote at this hour, and the morning finds what was found.
CHECK_HOUR = 3


@dataclass
class Done:
    """When something was done last since this process began; None before the first time."""

    signed_at: datetime | None = None
    checked_on: date | None = None


def is_signing_due(done: Done, now: datetime, *, moved: int) -> bool:
    """Tell whether ledgers are signed now: every five minutes, and at once when a phase has changed."""
    return moved > 0 or done.signed_at is None or now - done.signed_at >= BETWEEN_CHECKPOINTS


def is_check_due(done: Done, now: datetime) -> bool:
    """Tell whether everything is checked now: at the start, and once each day after three in Shanghai."""
    local = now.astimezone(SHANGHAI)
    return done.checked_on is None or (local.hour >= CHECK_HOUR and done.checked_on < local.date())


def checked_day(now: datetime) -> date:
    """Return the day to which a check belongs: before three it is that of the day before."""
    return (now.astimezone(SHANGHAI) - timedelta(hours=CHECK_HOUR)).date()
