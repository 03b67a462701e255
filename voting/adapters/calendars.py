"""Calendars that telephones and offices subscribe to (iCalendar, RFC 5545)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LINE = 75
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """One date: from moment to moment, or from the first day to the last; ``key`` never changes."""

    key: str
    title: str
    first: date | datetime
    last: date | datetime
    url: str
    words: str = ""
    place: str = ""
    status: str = "CONFIRMED"


def write_calendar(name: str, events: Sequence[Event], *, stamp: datetime) -> bytes:
    """Return a calendar; every event carries the one ``stamp``, so that equal dates are equal bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//voting//open data//ZH", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{_escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai"]
    for event in events:
        lines += _lines(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _lines(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.key)}@voting"
    yield f"DTSTAMP:{_moment(stamp)}"
    if isinstance(event.first, datetime) and isinstance(event.last, datetime):
        yield f"DTSTART:{_moment(event.first)}"
        yield f"DTEND:{_moment(event.last)}"
    else:
        # The end of whole days is the day after the last one.
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.last + _DAY:%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.title)}"
    if event.words:
        yield f"DESCRIPTION:{_escaped(event.words)}"
    if event.place:
        yield f"LOCATION:{_escaped(event.place)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{event.status}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return "".join(char for char in text if char.isprintable())


def _folded(line: str) -> bytes:
    """Break a line after 75 octets, never inside a character; what follows begins with a space."""
    rows, row = [], b""
    for char in line:
        octets = char.encode()
        if len(row) + len(octets) > _LINE:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row]) + b"\r\n"
