"""Why a file cannot be read as a table, and how large one may be."""

from collections.abc import Sequence

from voting.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 64

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
