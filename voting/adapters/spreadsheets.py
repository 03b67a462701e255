"""Spreadsheets: read XLSX and CSV from strangers, write templates and reports that hold no formula.

Reading trusts nothing: what a file is comes from its content, not from its name; an XLSX is measured part
by part, as a stream, before openpyxl sees it (a few kilobytes can unpack to gigabytes, or to a row of a
million cells). Limits: 5 MB as sent, 64 MB unpacked, 50,000 rows with content, 64 columns.
"""

import contextlib
import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import openpyxl
import xlsxwriter
from defusedcsv import csv as defusedcsv
from defusedxml import DefusedXmlException, sax

from voting.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 64
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 500
_MOST_ELEMENTS = 1_500_000
_MOST_FURNITURE = 50_000
_LAST_ROW = 1_048_576
_WIDEST = 256
_MOST_INSIDE = 4 * _WIDEST
_SEPARATORS = (",", ";", "\t")
_SNIFFED = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

# The number of a row as a spreadsheet shows it, and its cells: str, numbers, dates, None.
Row = tuple[int, Sequence[object]]


class UnreadableSpreadsheet(Refusal):
    """The file cannot be read as a table."""

    msgid = "这个文件不是能读的表格。请上传 .xlsx 或 .csv 文件，最好用本页的模板。"
    status = 422


class SpreadsheetEmpty(UnreadableSpreadsheet):
    """A file of no bytes, or without a single filled cell."""

    msgid = "文件是空的。请填好名册、保存之后再上传。"


class SpreadsheetTooLarge(UnreadableSpreadsheet):
    """More than this platform reads at once."""

    msgid = "表格太大。一次最多 5 MB、5 万行、64 列，请删去多余的表和列，或分成几个文件上传。"


class SpreadsheetLocked(UnreadableSpreadsheet):
    """An .xls of old, or a file with a password: from outside they look alike."""

    msgid = "这是旧的 .xls 文件，或者设了密码。请在表格软件里取消密码，另存为 .xlsx 再上传。"


class EncodingUnknown(UnreadableSpreadsheet):
    """A text whose characters cannot be told."""

    msgid = "认不出文件的文字编码。请在表格软件里另存为 .xlsx，或另存为 UTF-8 的 .csv 再上传。"


def read_table(content: bytes) -> list[Row]:
    """Return the rows with content of the first sheet; raise UnreadableSpreadsheet."""
    if not content:
        raise SpreadsheetEmpty
    if len(content) > MOST_BYTES:
        raise SpreadsheetTooLarge
    if content.startswith(_OLE):
        raise SpreadsheetLocked
    rows = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content)
    table = list(_with_content(rows))
    if not table:
        raise SpreadsheetEmpty
    return table


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


def _read_xlsx(content: bytes) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
        # openpyxl warns of what it leaves out, and quotes cells: a log must not have them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from _first_sheet(content)
    except Refusal:
        raise
    except Exception as unreadable:  # a damaged file makes openpyxl raise whatever its parts raise
        raise UnreadableSpreadsheet from unreadable


def _first_sheet(content: bytes) -> Iterator[Sequence[object]]:
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    with contextlib.closing(book):
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        # What a sheet says of its own size may be a lie, and openpyxl would fill it up.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)


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


def _read_csv(content: bytes) -> Iterator[Sequence[object]]:
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


def write_template(
    sheet: str,
    columns: Mapping[str, int],
    *,
    choices: Mapping[str, Sequence[str]],
    notes: Sequence[str],
) -> bytes:
    """Return an XLSX to be filled in: one sheet of text columns (name: width) and one of explanations.

    ``choices`` gives the words that a column takes. Text columns keep a spreadsheet from turning identity
    numbers into quantities and rooms into dates.
    """
    memory = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(memory, options) as book:
        # The same template on every day, so that its digest can be compared.
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 -- the format has no zone
        _write_columns(book, sheet, columns, choices)
        page = book.add_worksheet("填写说明")
        page.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
        for row, note in enumerate(notes):
            page.write_string(row, 0, note)
    return memory.getvalue()


def _write_columns(
    book: xlsxwriter.Workbook,
    sheet: str,
    columns: Mapping[str, int],
    choices: Mapping[str, Sequence[str]],
) -> None:
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EFE9E0", "bottom": 1})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    for place, (name, width) in enumerate(columns.items()):
        page.set_column(place, place, width, text)
        page.write_string(0, place, name, head)
        if name in choices:
            page.data_validation(
                1, place, MOST_ROWS, place, {"validate": "list", "source": list(choices[name])}
            )


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV that a spreadsheet opens as text: UTF-8 with a mark, no cell that is a formula."""
    target = io.StringIO(newline="")
    writer = defusedcsv.writer(target)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    # defusedcsv lets these pass, and some spreadsheets calculate what follows them.
    if isinstance(cell, str) and cell.lstrip(" ").startswith(
        ("\t", "\r", "\n", "＝", "＋", "－", "＠")
    ):
        return f"'{cell}"
    return cell
