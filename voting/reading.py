"""What people type into forms: numbers, money, telephones, text that can be shown again."""

import re
import unicodedata
from decimal import Decimal

from voting.errors import Refusal
from voting.figures import CENTS_PER_WAN as WAN
from voting.figures import CENTS_PER_YUAN as YUAN

__all__ = [
    "MOST_MONEY",
    "WAN",
    "YUAN",
    "AmountOutOfRange",
    "NotANumber",
    "NotAPercent",
    "NotAPhone",
    "TooPrecise",
    "half_width",
    "is_plain",
    "read_money",
    "read_percent",
    "read_phone",
    "read_whole",
    "shown",
    "written_amount",
]

# 10 thousand million yuan: a district's whole programme is smaller, and every sum stays exact in JSON.
MOST_MONEY = 1_000_000 * WAN

_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]))?[%％]?\Z")
_MOST_PERCENT = 1000
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
_LANDLINE = re.compile(r"(0[0-9]{2,3})-?([0-9]{7,8})\Z")
_FILLING = re.compile(r"[\s,，]")
# What nobody sees: controls, direction marks, private use, halves of characters, line ends. What Unicode
# does not know yet is let in: rare characters of names are still being added.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_STAND_IN = "\ufffd"


class NotANumber(Refusal):
    """Something else than digits."""

    msgid = "请填数字，例如 30 或 12.5。"


class TooPrecise(Refusal):
    """A part of a cent."""

    msgid = "金额最小到分。请检查小数点后的位数。"


class AmountOutOfRange(Refusal):
    """Nothing, or more than any round has."""

    msgid = "金额要大于 0，不超过 %(most)d 万元。"


class NotAPercent(Refusal):
    """No share of a hundred, or one with more than one decimal."""

    msgid = "请填 0 到 100 之间的数，最多一位小数，例如 10 或 12.5。"


class NotAPhone(Refusal):
    """Neither a mobile number nor a landline."""

    msgid = "请填 11 位手机号，或带区号的座机号，例如 0791-86500000。"


def half_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits and signs as their ordinary forms."""
    return "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text
    )


def shown(text: str) -> str:
    """Return ``text`` so that a page can show it again: for what nobody sees stands U+FFFD."""
    return "".join(
        _STAND_IN if unicodedata.category(char) in _UNSEEN and char not in "\n\t" else char
        for char in text
    )


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Tell whether a text has no characters nobody sees, nor their stand-in; ``lines`` allows line breaks."""
    read = text.replace("\n", "").replace("\t", "") if lines else text
    return _STAND_IN not in read and _UNSEEN.isdisjoint(map(unicodedata.category, read))


def read_whole(text: str) -> int:
    """Return a whole number of at most nine digits; raise NotANumber."""
    digits = _FILLING.sub("", half_width(text))
    if not _WHOLE.match(digits):
        raise NotANumber
    return int(digits)


def read_money(text: str, unit: int, *, least: int = 1) -> int:
    """Return an amount in cents, ``unit`` cents being 1; raise NotANumber, TooPrecise, AmountOutOfRange."""
    written = _FILLING.sub("", half_width(text)).replace("。", ".")
    if not _AMOUNT.match(written):
        raise NotANumber
    cents = Decimal(written) * unit
    if cents != cents.to_integral_value():
        raise TooPrecise
    if not least <= cents <= MOST_MONEY:
        raise AmountOutOfRange(most=MOST_MONEY // WAN)
    return int(cents)


def read_percent(text: str) -> int:
    """Return a per cent with at most one decimal as thousandths: ``12.5`` gives 125; raise NotAPercent."""
    written = _FILLING.sub("", half_width(text)).replace("。", ".")
    found = _PERCENT.match(written)
    if not found:
        raise NotAPercent
    thousandths = int(found[1]) * 10 + int(found[2] or 0)
    if thousandths > _MOST_PERCENT:
        raise NotAPercent
    return thousandths


def written_amount(cents: int) -> tuple[str, int]:
    """Return how an amount stands in a form: its digits and their unit, 万元 where it is not small."""
    unit = WAN if cents >= WAN else YUAN
    return f"{Decimal(cents) / unit:f}", unit


def read_phone(text: str) -> str:
    """Return a mobile number, or a landline as ``0791-86500000``; raise NotAPhone."""
    number = re.sub(r"[\s()]", "", half_width(text)).replace("—", "-").replace("－", "-")
    if _MOBILE.match(number):
        return number
    landline = _LANDLINE.match(number)
    if not landline:
        raise NotAPhone
    return f"{landline[1]}-{landline[2]}"
