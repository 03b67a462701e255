import csv
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest

from tests.factories.roll import Cells, csv_file, rows, sheet, xlsx
from voting.adapters import spreadsheets
from voting.adapters.spreadsheets import (
    EncodingUnknown,
    SpreadsheetEmpty,
    SpreadsheetLocked,
    SpreadsheetTooLarge,
    UnreadableSpreadsheet,
    read_table,
    write_csv,
    write_template,
)

SHEET = "xl/worksheets/sheet1.xml"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
MEGABYTE = 1024 * 1024


def changed(part: str, content: bytes, **also: bytes) -> bytes:
    """A good XLSX in which one part is replaced."""
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(sheet()))) as good,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, content if name == part else good.read(name))
        for name, more in also.items():
            bad.writestr(name, more)
    return memory.getvalue()


def with_rows(markup: str) -> bytes:
    """An XLSX whose sheet holds this markup."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return changed(
        SHEET,
        f'<worksheet xmlns="{space}"><sheetData>{markup}</sheetData></worksheet>'.encode(),
    )


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(xlsx, id="xlsx"),
        pytest.param(csv_file, id="utf-8 with mark"),
        pytest.param(lambda cells: csv_file(cells, encoding="utf-8"), id="utf-8"),
        pytest.param(lambda cells: csv_file(cells, encoding="gb18030"), id="gb18030"),
        pytest.param(lambda cells: csv_file(cells, encoding="utf-16"), id="utf-16"),
        pytest.param(lambda cells: csv_file(cells, separator=";"), id="semicolon"),
        pytest.param(lambda cells: csv_file(cells, separator="\t"), id="tab"),
    ],
)
def test_every_way_to_save_a_table_gives_the_same_rows(
    write: Callable[[list[Cells]], bytes],
) -> None:
    cells: list[Cells] = [["姓名", "证件号码"], ["王一", "36"], [None, None], ["李二𠮷", "37"]]
    read = read_table(write(cells))
    assert [(number, list(row)) for number, row in read] == [
        (number, row) for number, row in rows(cells) if number != 3
    ]


def test_numbers_and_dates_of_an_xlsx_come_as_such() -> None:
    moment = datetime(2026, 3, 2)  # noqa: DTZ001 -- a sheet knows no zone
    ((_, row),) = read_table(xlsx([[13800000000.0, 502, moment, "=1+1"]]))
    assert row[:2] == (13800000000, 502)
    assert row[2] == moment


def test_a_formula_comes_as_the_value_it_had() -> None:
    markup = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    assert read_table(with_rows(markup)) == [(1, (2,))]


def test_the_first_visible_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"  # type: ignore[union-attr]  # a new book has a sheet
    book.create_sheet("名册").append(["姓名"])
    memory = io.BytesIO()
    book.save(memory)
    assert [row[0] for _, row in read_table(memory.getvalue())] == ["姓名"]


def test_a_quoted_field_may_hold_separators_and_lines() -> None:
    assert read_table('姓名,备注\n王一,"a,b\nc"\n李二,d\n'.encode())[1:] == [
        (2, ["王一", "a,b\nc"]),
        (3, ["李二", "d"]),
    ]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", SpreadsheetEmpty, id="0 bytes"),
        pytest.param(b"\xef\xbb\xbf", SpreadsheetEmpty, id="a mark only"),
        pytest.param(b"\n\n,,\n", SpreadsheetEmpty, id="blank lines"),
        pytest.param(PNG, UnreadableSpreadsheet, id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0", UnreadableSpreadsheet, id="JPEG"),
        pytest.param(b"%PDF-1.7\n\0", UnreadableSpreadsheet, id="PDF"),
        pytest.param(b"PK\x03\x04", UnreadableSpreadsheet, id="the start of a ZIP"),
        pytest.param(b"PK" + b"\0" * 1000, UnreadableSpreadsheet, id="noughts after PK"),
        pytest.param(xlsx(sheet())[:-200], UnreadableSpreadsheet, id="cut off"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, SpreadsheetLocked, id="xls"
        ),
        pytest.param(b"<html><table>", UnreadableSpreadsheet, id="a page called .xls"),
        pytest.param("姓名,证\0件\n".encode(), UnreadableSpreadsheet, id="NUL"),
        pytest.param(b"\xff\xfe\0\xd8a", EncodingUnknown, id="half of UTF-16"),
        pytest.param(b"\x81\x20,\xff\n", EncodingUnknown, id="no encoding"),
        pytest.param(b'a,b\n"' + b"x" * 200_000, UnreadableSpreadsheet, id="open quotation"),
        pytest.param(b"a\n" + b"," * 1_000_000, SpreadsheetTooLarge, id="a million columns"),
        pytest.param(b"a\n" * 50_001, SpreadsheetTooLarge, id="50,001 rows"),
        pytest.param(b"a" * (5 * MEGABYTE + 1), SpreadsheetTooLarge, id="above 5 MB"),
        pytest.param(changed(SHEET, PNG), UnreadableSpreadsheet, id="a picture for a sheet"),
        pytest.param(changed(SHEET, b""), UnreadableSpreadsheet, id="no sheet"),
        pytest.param(
            changed("[Content_Types].xml", b"<Types/>"), UnreadableSpreadsheet, id="no contents"
        ),
        pytest.param(
            changed(SHEET, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            UnreadableSpreadsheet,
            id="entities",
        ),
        pytest.param(
            changed(SHEET, b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
            UnreadableSpreadsheet,
            id="a foreign document type",
        ),
        pytest.param(
            with_rows('<row r="9999999999"><c t="str"><v>a</v></c></row>'),
            SpreadsheetTooLarge,
            id="row 9999999999",
        ),
        pytest.param(
            with_rows('<row r="-5"><c t="str"><v>a</v></c></row>'),
            SpreadsheetTooLarge,
            id="row -5",
        ),
        pytest.param(
            with_rows(f'<row r="1"><c><v>{"9" * 10_000}</v></c></row>'),
            UnreadableSpreadsheet,
            id="a number of 10,000 digits",
        ),
        pytest.param(
            with_rows('<row r="1"><c t="s"><v>99999</v></c></row>'),
            UnreadableSpreadsheet,
            id="a text that is not there",
        ),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    content: bytes, refusal: type[UnreadableSpreadsheet]
) -> None:
    with pytest.raises(UnreadableSpreadsheet) as refused:
        read_table(content)
    assert type(refused.value) is refusal


def encrypted() -> bytes:
    """A ZIP whose parts say that they need a password."""
    content = bytearray(xlsx(sheet()))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    return bytes(content)


def test_a_zip_packed_in_another_way_is_no_table() -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", b"a" * 1000)
    with pytest.raises(UnreadableSpreadsheet):
        read_table(memory.getvalue())


def test_a_zip_with_a_password_is_called_locked() -> None:
    with pytest.raises(SpreadsheetLocked):
        read_table(encrypted())


BOMBS = {
    "100 MB of noughts": lambda: changed(SHEET, b"\0" * 100 * MEGABYTE),
    "a row of a million cells": lambda: with_rows(f'<row r="1">{"<c/>" * 1_000_000}</row>'),
    "cells outside of rows": lambda: with_rows("<c/>" * 1_000_000),
    "a cell of a million values": lambda: with_rows(f"<row><c>{'<v/>' * 1_000_000}</c></row>"),
    "two million rows": lambda: with_rows("<row/>" * 2_000_000),
    "a million merged ranges": lambda: changed(
        SHEET, b"<worksheet><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 1_000_000
    ),
    "ten thousand parts": lambda: changed(SHEET, b"", **{f"xl/{n}": b"a" for n in range(10_000)}),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_small_file_that_unpacks_to_much_is_refused_in_little_memory(
    bomb: Callable[[], bytes],
) -> None:
    content = bomb()
    assert len(content) < spreadsheets.MOST_BYTES
    tracemalloc.start()
    with pytest.raises(UnreadableSpreadsheet):
        read_table(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30 * MEGABYTE


def test_a_dimension_that_lies_fills_nothing_up() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    markup = (
        f'<worksheet xmlns="{space}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="3"><c r="XFD3" t="str"><v>b</v></c><c r="A3" t="str"><v>a</v></c></row>'
        "</sheetData></worksheet>"
    )
    assert read_table(changed(SHEET, markup.encode())) == [(3, ("a",))]


def test_nothing_of_a_cell_reaches_the_log_or_the_warnings(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["姓名", 369999198005170018])
    page["B1"].number_format = "yyyy-mm-dd"
    memory = io.BytesIO()
    book.save(memory)
    ((_, row),) = read_table(memory.getvalue())
    assert row[1] == "#VALUE!"
    assert caplog.text == ""
    assert len(recwarn) == 0


def test_the_template_has_text_columns_and_no_formula() -> None:
    notes = ["=1+1", "https://example.cn", "@SUM(A1)"]
    content = write_template(
        "名册", {"姓名": 12, "类型": 8}, choices={"类型": ("居住", "工作")}, notes=notes
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["名册"]
    assert [cell.value for cell in page[1]] == ["姓名", "类型"]
    assert page.column_dimensions["A"].number_format == "@"
    assert page.data_validations.dataValidation[0].formula1 == '"居住,工作"'
    told = [cell for row in book["填写说明"].iter_rows() for cell in row]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in told] == [
        (note, "s", None) for note in notes
    ]


def test_the_template_is_the_same_every_time() -> None:
    once, again = (write_template("名册", {"姓名": 12}, choices={}, notes=[]) for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1", " ＝1", "|a", "%a"],
)  # fmt: skip
def test_a_cell_that_would_be_calculated_is_made_text(cell: str) -> None:
    content = write_csv(["行", "原因"], [[1, cell]])
    assert content.startswith(b"\xef\xbb\xbf")
    written = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert written[1][0] == "1"
    assert written[1][1].startswith("'")


def test_plain_cells_are_written_as_they_are() -> None:
    content = write_csv(["行", "原因"], [[1, "没有填姓名。"], [2, "3-2"]])
    assert content.decode("utf-8-sig") == "行,原因\r\n1,没有填姓名。\r\n2,3-2\r\n"
