"""Writing templates and reports that hold no formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from defusedcsv import csv as defusedcsv

from voting.adapters.spreadsheets.refusals import MOST_ROWS


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
    with _book(memory) as book:
        _write_columns(book, sheet, columns, choices)
        page = book.add_worksheet("填写说明")
        page.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
        for row, note in enumerate(notes):
            page.write_string(row, 0, note)
    return memory.getvalue()


def write_report(sheet: str, columns: Mapping[str, int], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX with a table of texts and whole numbers: one column for each name with its width."""
    memory = io.BytesIO()
    with _book(memory) as book:
        text = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        _write_header(book, page, columns, text)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, place, cell, text)
                else:
                    page.write_string(number, place, str(cell), text)
    return memory.getvalue()


def _book(memory: io.BytesIO) -> xlsxwriter.Workbook:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(memory, options)
    # The same file on every day, so that its digest can be compared.
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 -- the format has no zone
    return book


def _write_header(
    book: xlsxwriter.Workbook, page: Any, columns: Mapping[str, int], body: Any
) -> None:
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#EFE9E0", "bottom": 1})
    for place, (name, width) in enumerate(columns.items()):
        page.set_column(place, place, width, body)
        page.write_string(0, place, name, head)


def _write_columns(
    book: xlsxwriter.Workbook,
    sheet: str,
    columns: Mapping[str, int],
    choices: Mapping[str, Sequence[str]],
) -> None:
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    _write_header(book, page, columns, book.add_format({"num_format": "@"}))
    for place, name in enumerate(columns):
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
