"""Spreadsheets: read XLSX and CSV from strangers, write templates and reports that hold no formula.

Reading trusts nothing: what a file is comes from its content, not from its name; an XLSX is measured part
by part, as a stream, before openpyxl sees it (a few kilobytes can unpack to gigabytes, or to a row of a
million cells). Limits: 5 MB as sent, 64 MB unpacked, 50,000 rows with content, 64 columns.
"""

from voting.adapters.spreadsheets.reading import Sheet, read_sheets, read_table
from voting.adapters.spreadsheets.refusals import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    EncodingUnknown,
    Row,
    SpreadsheetEmpty,
    SpreadsheetLocked,
    SpreadsheetTooLarge,
    UnreadableSpreadsheet,
)
from voting.adapters.spreadsheets.writing import write_csv, write_report, write_template

__all__ = [
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "EncodingUnknown",
    "Row",
    "Sheet",
    "SpreadsheetEmpty",
    "SpreadsheetLocked",
    "SpreadsheetTooLarge",
    "UnreadableSpreadsheet",
    "read_sheets",
    "read_table",
    "write_csv",
    "write_report",
    "write_template",
]
