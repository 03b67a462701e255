"""Where the next part of a list begins: the sort keys of the last item, wrapped up."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from voting.errors import Refusal

USUAL_ITEMS = 50
MOST_ITEMS = 100
_LONGEST = 400
_HIGHEST = 2**63 - 1


class BadCursor(Refusal):
    """The cursor is none of ours, or belongs to another list."""

    msgid = "cursor 不对。请用上一页的 next，或者去掉 cursor 从头读起。"
    status = 422
    field = "cursor"


class BadLimit(Refusal):
    """A part of a list holds from one to a hundred items."""

    msgid = "limit 要填 1 到 %(most)s 之间的整数。"
    status = 422
    field = "limit"


def read_limit(text: str | None) -> int:
    """Return how many items are asked for; raise BadLimit."""
    if text is None:
        return USUAL_ITEMS
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ITEMS))
    if not is_number or not 1 <= int(text) <= MOST_ITEMS:
        raise BadLimit(most=MOST_ITEMS)
    return int(text)


def write_cursor(values: Sequence[object]) -> str:
    """Return the cursor behind an item with these sort keys."""
    plain = [one.isoformat() if isinstance(one, datetime) else one for one in values]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def read_cursor(text: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """Return the sort keys in a cursor, of these kinds (str, int, datetime); raise BadCursor."""
    try:
        values = _unwrapped(text)
        return tuple(_READERS[kind](value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, RecursionError) as bad:
        raise BadCursor from bad


def _unwrapped(text: str) -> list[object]:
    if not text.isascii() or len(text) > _LONGEST:
        raise ValueError("not as long as ours")
    padded = text + "=" * (-len(text) % 4)
    values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    if not isinstance(values, list):
        raise TypeError("no list")
    return values


def _text(value: object) -> str:
    # PostgreSQL refuses NUL, and no database takes half of a character.
    if not isinstance(value, str) or "\0" in value:
        raise TypeError("no text")
    value.encode()
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _HIGHEST:
        raise TypeError("no whole number")
    return value


def _moment(value: object) -> datetime:
    read = datetime.fromisoformat(_text(value))
    if read.tzinfo is None or not 1000 <= read.year <= 9000:  # noqa: PLR2004 -- what every database takes
        raise ValueError("no moment of ours")
    return read


_READERS: Mapping[type, Callable[[object], object]] = {str: _text, int: _whole, datetime: _moment}
