"""Reading CSV from strangers: any separator, UTF-8, UTF-16 with a mark, or GB 18030."""

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence

from voting.adapters.spreadsheets.refusals import (
    EncodingUnknown,
    SpreadsheetTooLarge,
    UnreadableSpreadsheet,
)

_WIDEST = 256
_SEPARATORS = (",", ";", "\t")
_SNIFFED = 4096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv(content: bytes) -> Iterator[Sequence[object]]:
    """Yield the rows of a CSV."""
    if b"\0" in content and not content.startswith(_UTF_16):
        raise UnreadableSpreadsheet
    text = _decoded(content)
    if "\0" in text or text.lstrip()[:1] == "<":
        raise UnreadableSpreadsheet
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            if len(cells) > _WIDEST:
                raise SpreadsheetTooLarge
            yield cells
    except csv.Error as too_long:  # a field of more than 128 kB: an open quotation mark
        raise UnreadableSpreadsheet from too_long


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF_16):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise EncodingUnknown


def _separator(text: str) -> str:
    start = text[:_SNIFFED]
    return max(_SEPARATORS, key=start.count)
