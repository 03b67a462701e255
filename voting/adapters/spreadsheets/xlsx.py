"""Reading XLSX from strangers: measured part by part, as a stream, before openpyxl sees it."""

import contextlib
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import openpyxl
from defusedxml import DefusedXmlException, sax

from voting.adapters.spreadsheets.refusals import (
    MOST_COLUMNS,
    SpreadsheetLocked,
    SpreadsheetTooLarge,
    UnreadableSpreadsheet,
)
from voting.errors import Refusal

_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 500
_MOST_ELEMENTS = 1_500_000
_MOST_FURNITURE = 50_000
_LAST_ROW = 1_048_576
_WIDEST = 256
_MOST_INSIDE = 4 * _WIDEST

# The name of a sheet, and its rows from the first.
Page = tuple[str, Iterator[Sequence[object]]]


def read_xlsx(content: bytes) -> Iterator[Page]:
    """Yield the visible sheets of a book, to be read one after the other."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
        # openpyxl warns of what it leaves out, and quotes cells: a log must not have them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _sheets(content)
    except Refusal:
        raise
    except Exception as unreadable:  # a damaged file makes openpyxl raise whatever its parts raise
        raise UnreadableSpreadsheet from unreadable


def _sheets(content: bytes) -> Iterator[Page]:
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    with contextlib.closing(book):
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise UnreadableSpreadsheet
        for sheet in shown:
            # What a sheet says of its own size may be a lie, and openpyxl would fill it up.
            sheet.reset_dimensions()
            yield str(sheet.title), _rows(sheet)


def _rows(sheet: Any) -> Iterator[Sequence[object]]:
    # Its own guard: whoever reads the rows does so outside of read_xlsx.
    try:
        yield from sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    except Refusal:
        raise
    except Exception as unreadable:  # as above
        raise UnreadableSpreadsheet from unreadable


def _measure(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise SpreadsheetTooLarge
    if any(part.flag_bits & 1 for part in parts):
        raise SpreadsheetLocked
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise UnreadableSpreadsheet
    shape = _Shape()
    for part in parts:
        with archive.open(part) as stream:
            _measure_part(stream, shape)


def _measure_part(stream: IO[bytes], shape: "_Shape") -> None:
    try:
        sax.parse(stream, shape, forbid_dtd=True)
    except DefusedXmlException as trick:
        raise UnreadableSpreadsheet from trick
    except SAXParseException:
        # A picture, say; where it matters openpyxl stops at the same place.
        return


class _Shape(ContentHandler):
    """Counts the elements of all parts; raises SpreadsheetTooLarge.

    Rows, cells and their texts go by one after another; everything else is furniture that openpyxl keeps
    in memory to the end.
    """

    _PASSING = frozenset({"row", "si", "c", "v", "f", "is", "t"})

    def __init__(self) -> None:
        super().__init__()
        self._elements = 0
        self._furniture = 0
        self._inside = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- the name SAX calls
        """Count an element."""
        local = name.rpartition(":")[2]
        self._elements += 1
        if local not in self._PASSING:
            self._furniture += 1
        elif local in {"row", "si"}:
            self._inside = 0
        else:
            self._inside += 1
        too_many = self._elements > _MOST_ELEMENTS or self._furniture > _MOST_FURNITURE
        if too_many or self._inside > _MOST_INSIDE or not _is_possible_row(local, attrs.get("r")):
            raise SpreadsheetTooLarge


def _is_possible_row(name: str, number: str | None) -> bool:
    # openpyxl fills the rows between this one and the last with empty ones.
    if name != "row" or number is None:
        return True
    return number.isdecimal() and len(number) <= len(str(_LAST_ROW)) and int(number) <= _LAST_ROW
