"""The text of a cell, and what a spreadsheet may have done to it."""

from datetime import date, time, timedelta

from voting.errors import Refusal

BASIS_WORDS = ("居住", "工作", "学习")
LONGEST_CELL = 200
# A number in a cell has 15 sure digits (IEEE 754); what has more may have been rounded.
_SURE_DIGITS = 15


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
