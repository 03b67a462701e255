"""From bytes to rows of cells: encoding, line ends, quoting; every row knows its line.

Whatever other readers would swallow in silence (a quotation mark that never closes, a NUL, a line of
100 MB) is refused here, before it costs memory.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from voting.pabulib.rules import refusals

# A city of two million voters; what is longer is no election and would only cost memory.
MOST_MEGABYTES = 128
MOST_LINES = 2_500_000
LINE_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"
# No line of a file can be this one: NUL has been refused by then.
_END = "\0end"


@dataclass(frozen=True)
class Record:
    """One row; ``line`` is where it begins (a quoted cell may hold line breaks)."""

    line: int
    cells: tuple[str, ...]


class _Feed:
    """Gives the lines of a file to the csv reader and remembers those of the row being read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in _lines(self._stream):
            self.pending.append(line)
            yield line
        self.pending.append(_END)
        yield _END

    @property
    def at_end(self) -> bool:
        """Whether the file has no further line."""
        return self.pending[-1] is _END

    @property
    def spans_lines(self) -> bool:
        """Whether the row being read has taken more than one line."""
        return len(self.pending) > 1


def _lines(stream: BinaryIO) -> Iterator[str]:
    total = 0
    number = 0
    while raw := stream.readline(LINE_BYTES + 1):
        number += 1
        total += len(raw)
        if len(raw) > LINE_BYTES:
            raise refusals.LineTooLong(number, bytes=LINE_BYTES)
        if total > MOST_MEGABYTES << 20 or number > MOST_LINES:
            raise refusals.FileTooLong(number, megabytes=MOST_MEGABYTES, lines=MOST_LINES)
        yield _text(raw.removeprefix(_BOM) if number == 1 else raw, number)


def _text(raw: bytes, number: int) -> str:
    if b"\0" in raw:
        raise refusals.NulCharacter(number)
    try:
        return raw.decode("utf-8").rstrip("\r\n") + "\n"
    except UnicodeDecodeError:
        raise refusals.NotUtf8(number) from None


def records(stream: BinaryIO) -> Iterator[Record]:
    """Yield the rows that hold anything, cells without the spaces around them."""
    feed = _Feed(stream)
    reader = csv.reader(feed, delimiter=";")
    begins = 1
    while (row := _next(reader, feed, begins)) is not None:
        cells = tuple(cell.strip() for cell in row)
        if any(cells):
            yield Record(begins, cells)
        begins += len(feed.pending)
        feed.pending.clear()


def _next(reader: Iterator[list[str]], feed: _Feed, begins: int) -> list[str] | None:
    try:
        row = next(reader)
        if feed.spans_lines:
            # The csv module forgives text after a closing quote, and so might join two rows into one.
            next(csv.reader(feed.pending, delimiter=";", strict=True))
    except csv.Error as error:
        raise _refusal(error, feed, begins) from None
    return None if feed.at_end else row


def _refusal(error: csv.Error, feed: _Feed, begins: int) -> refusals.DamagedFile:
    if feed.spans_lines:
        return refusals.OpenQuote(begins)
    if "new-line" in str(error):
        return refusals.BadLineEnd(begins)
    return refusals.CellTooLong(begins)
