"""What a polling place is, what a shift may be, and how the code of a minute is read."""

from datetime import datetime
from enum import StrEnum

from voting.errors import Refusal

# Every open screen is one more code that is good at a moment: nobody should be able to guess one.
MOST_PLACES = 60
_DIGITS = 6
_SECONDS = 60


class PlaceKind(StrEnum):
    """Whether a polling place stays where it is."""

    FIXED = "fixed"
    MOBILE = "mobile"


PLACE_KIND_NAMES = {PlaceKind.FIXED: "固定投票点", PlaceKind.MOBILE: "流动投票点"}


class ShiftEndsFirst(Refusal):
    """A shift ends before it begins."""

    msgid = "下班时间要晚于上班时间。跨夜的请分成两班。"
    field = "ends"
    status = 422


def check_shift(begins: str, ends: str) -> None:
    """Raise ShiftEndsFirst unless a shift (``08:30``, ``12:00``) ends after it begins."""
    if begins >= ends:
        raise ShiftEndsFirst


def minute_of(at: datetime) -> int:
    """Return the number of the minute in which a moment lies, counted from 1970."""
    return int(at.timestamp()) // _SECONDS


def seconds_left(at: datetime) -> int:
    """Return how many seconds of the minute are left, at least one."""
    return _SECONDS - int(at.timestamp()) % _SECONDS


def code_of(mac: bytes) -> str:
    """Return six digits of a keyed hash."""
    return f"{int.from_bytes(mac, 'big') % 10**_DIGITS:0{_DIGITS}}"
