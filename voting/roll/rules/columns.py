"""The one template of a roll: its columns, where they stand in a sheet, and the text of a cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from voting.errors import Refusal

NAME = "姓名"
NUMBER = "证件号码"
BASIS = "类型"
ROOM = "楼栋房号"
PHONE = "手机号"
REQUIRED = (NAME, NUMBER, BASIS, ROOM)
COLUMNS = (*REQUIRED, PHONE)
BASIS_WORDS = ("居住", "工作", "学习")

HEADER_WITHIN = 10
LONGEST_CELL = 200
# A number in a cell has 15 sure digits (IEEE 754); what has more may have been rounded.
_SURE_DIGITS = 15

# The number of a row as the spreadsheet shows it, and its cells as they were stored.
Row = tuple[int, Sequence[object]]


class WrongSheet(Refusal):
    """The sheet as a whole cannot be read as a roll."""

    status = 422


class HeaderMissing(WrongSheet):
    """None of the first rows looks like the template's header."""

    msgid = "前 10 行里没有找到表头。请用本页的模板，第一行是：姓名、证件号码、类型、楼栋房号。"


class ColumnMissing(WrongSheet):
    """The header lacks a column."""

    msgid = "表头里缺少这一列：%(columns)s。请用本页的模板，列的名称不要改。"


class ColumnTwice(WrongSheet):
    """The header names a column twice."""

    msgid = "表头里有两列都叫“%(column)s”。请删去一列再上传。"


class RollEmpty(WrongSheet):
    """There is a header and nothing below it."""

    msgid = "表头下面没有一行内容。请填好名册再上传。"


class WrongCell(Refusal):
    """What a cell holds cannot be used."""

    msgid = "这一格的内容认不出来。请改成普通文字。"
    status = 422


class CellIsDate(WrongCell):
    """A spreadsheet turned 3-2 into the third of February."""

    msgid = "这一格被表格软件改成了日期。请先把这一列的格式设为“文本”，再重新填写。"


class CellTooLong(WrongCell):
    """More text than any column of the template needs."""

    msgid = "这一格太长，超过 200 个字。请核对是不是粘贴错了。"


class CellUnprintable(WrongCell):
    """Control characters."""

    msgid = "这一格里有看不见的控制字符。请删掉这一格，重新填写。"


class CellRounded(WrongCell):
    """A number with more digits than a spreadsheet keeps."""

    msgid = (
        "号码被表格软件当成数字，后几位靠不住了。"
        "请先把这一列的格式设为“文本”，再从原始资料重新填写。"
    )


class WrongBasis(WrongCell):
    """Not one of the three reasons why a person may vote here."""

    msgid = "类型只能填：居住、工作、学习。"


@dataclass(frozen=True)
class Header:
    """Where the header stands and which column is where, counted from 0."""

    row: int
    places: Mapping[str, int]

    def cells_of(self, cells: Sequence[object]) -> dict[str, object]:
        """Return the cells of a row by the names of their columns; what is not there is None."""
        return {
            column: cells[place] if place < len(cells) else None
            for column, place in self.places.items()
        }


def find_header(rows: Iterable[Row]) -> Header:
    """Return the header among the first rows; raise a WrongSheet that names what is missing."""
    best: tuple[int, list[str]] | None = None
    for number, cells in rows:
        if number > HEADER_WITHIN:
            break
        labels = [_label(cell) for cell in cells]
        known = sum(column in labels for column in COLUMNS)
        if known and (best is None or known > sum(column in best[1] for column in COLUMNS)):
            best = (number, labels)
    if best is None:
        raise HeaderMissing
    return _places(*best)


def _label(cell: object) -> str:
    # "证件号码（必填）*" and "姓 名" are still these columns.
    text = cell[:LONGEST_CELL] if isinstance(cell, str) else ""
    return "".join(text.replace("（", "(").partition("(")[0].split()).strip("*＊:：")


def _places(row: int, labels: Sequence[str]) -> Header:
    missing = [column for column in REQUIRED if column not in labels]
    if missing:
        raise ColumnMissing(columns="、".join(missing))
    twice = next((column for column in COLUMNS if labels.count(column) > 1), None)
    if twice:
        raise ColumnTwice(column=twice)
    return Header(row, {column: labels.index(column) for column in COLUMNS if column in labels})


def read_cell(value: object) -> str:
    """Return the text of a cell; raise a WrongCell.

    Telephone and room numbers that a spreadsheet keeps as 13800000000.0 come back as they were typed.
    """
    if value is None:
        return ""
    if isinstance(value, date | time | timedelta):
        raise CellIsDate
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _digits(value)
    if not isinstance(value, str):
        raise WrongCell
    return _text(value)


def _digits(value: int | float) -> str:
    if isinstance(value, float) and not value.is_integer():
        return str(value)
    text = str(int(value))
    if len(text.lstrip("-")) > _SURE_DIGITS and _may_be_rounded(value):
        raise CellRounded
    return text


def _may_be_rounded(value: int | float) -> bool:
    # Exact only if no program ever held it as a float or cut it to 15 digits.
    return isinstance(value, float) or value % 1000 == 0 or int(float(value)) == value


def _text(value: str) -> str:
    text = value.strip().removeprefix("'")
    # Exports write ="3601…" so that a spreadsheet takes the number for text.
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if len(text) > LONGEST_CELL:
        raise CellTooLong
    if any(ord(char) < ord(" ") or char == "\x7f" for char in text.replace("\n", " ")):
        raise CellUnprintable
    return text


def read_basis(text: str) -> str:
    """Return one of BASIS_WORDS; raise WrongBasis."""
    word = "".join(text.split())
    if word not in BASIS_WORDS:
        raise WrongBasis
    return word
