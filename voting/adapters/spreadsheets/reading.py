"""From the bytes somebody sent to sheets with rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from voting.adapters.spreadsheets.refusals import (
    MOST_BYTES,
    MOST_ROWS,
    Row,
    SpreadsheetEmpty,
    SpreadsheetLocked,
    SpreadsheetTooLarge,
)
from voting.adapters.spreadsheets.text import read_csv
from voting.adapters.spreadsheets.xlsx import Page, read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, repr=False)
class Sheet:
    """A sheet with content: its name (a CSV has none) and its rows that are not empty."""

    name: str
    rows: list[Row]

    def __repr__(self) -> str:
        return f"Sheet({len(self.rows)} rows)"


def read_sheets(content: bytes) -> list[Sheet]:
    """Return the visible sheets that have content, in their order; raise UnreadableSpreadsheet."""
    if not content:
        raise SpreadsheetEmpty
    if len(content) > MOST_BYTES:
        raise SpreadsheetTooLarge
    if content.startswith(_OLE):
        raise SpreadsheetLocked
    found = [Sheet(name, list(_with_content(rows))) for name, rows in _pages(content)]
    sheets = [sheet for sheet in found if sheet.rows]
    if not sheets:
        raise SpreadsheetEmpty
    return sheets


def read_table(content: bytes) -> list[Row]:
    """Return the rows with content of the first visible sheet that has any; raise UnreadableSpreadsheet."""
    return read_sheets(content)[0].rows


def _pages(content: bytes) -> Iterator[Page]:
    if content.startswith(b"PK"):
        yield from read_xlsx(content)
    else:
        yield "", read_csv(content)


def _with_content(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    found = 0
    for number, cells in enumerate(rows, start=1):
        filled = [place for place, cell in enumerate(cells) if cell is not None and cell != ""]
        if not filled:
            continue
        found += 1
        if found > MOST_ROWS:
            raise SpreadsheetTooLarge
        yield number, cells[: filled[-1] + 1]
