"""Identity numbers of the papers that most residents carry.

- 居民身份证 (GB 11643-1999) and 港澳台居民居住证 (81, 82, 83): 18 characters, birth date at 7 to 14, last one
  ISO 7064 MOD 11-2. Only the first two digits of the address code are looked at: counties come and go while
  their numbers stay valid.
- 外国人永久居留身份证 of 2023: the same, beginning with 9. Of 2017: three letters and twelve digits, in which
  places 8 to 13 are the birth date without its century. Its check digit is not verified, because no published
  rule was found.

Sources and doubts: docs/2_rules/eligibility.md.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2

from voting.errors import Refusal
from voting.roll.rules.age import EARLIEST_BIRTH

LONGEST_TYPED = 60
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
    for code in range(first, last + 1)
)
_HMT = frozenset({"81", "82", "83"})
_MODERN = re.compile(r"[0-9]{17}[0-9X]\Z")
_OLD = re.compile(r"[0-9]{15}\Z")
_LOOKALIKES = re.compile(r"(?=.*[OIL])[0-9OIL]{14,17}[0-9OILX]\Z")
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}\Z")
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{2}\Z")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−·.'’`]")
# A spreadsheet keeps 15 digits of a number and writes noughts for the rest.
_CUT_OFF = "000"
_SHOWN = 4


class IdKind(StrEnum):
    """Which paper a number is on."""

    RESIDENT = "resident"
    HMT = "hmt"
    FOREIGN = "foreign"


ID_KIND_NAMES = {
    IdKind.RESIDENT: "居民身份证",
    IdKind.HMT: "港澳台居民居住证",
    IdKind.FOREIGN: "外国人永久居留身份证",
}


@dataclass(frozen=True, repr=False)
class Identity:
    """A number that may exist. Its representation shows nothing of it, so that no log ever does."""

    kind: IdKind
    number: str
    born: date

    def __repr__(self) -> str:
        return f"Identity({self.kind.value})"

    @property
    def masked(self) -> str:
        """The number as it may be shown: ``3601**********1234``."""
        return mask_number(self.number)

    @property
    def ends_like_damage(self) -> bool:
        """Whether the number ends as a spreadsheet would have spoilt it; rarely, true ones do too."""
        return self.number.endswith(_CUT_OFF)


class WrongNumber(Refusal):
    """What was given cannot be an identity number; each kind of fault has its own sentence."""

    msgid = "看不出是哪种证件。可以填居民身份证、港澳台居民居住证、外国人永久居留身份证上的号码。"
    status = 422


class NumberMissing(WrongNumber):
    """Nothing was given."""

    msgid = "没有证件号码：请核对本人证件，在“补登记”里登记。"


class NumberDamaged(WrongNumber):
    """A spreadsheet took the number for a quantity and dropped its last digits."""

    msgid = (
        "号码被表格软件改坏了（末尾变成 000 或 E+17）。"
        "请先把这一列的格式设为“文本”，再从原始资料重新填写。"
    )


class NumberMasked(WrongNumber):
    """The number has been masked with asterisks."""

    msgid = "号码里有星号。名册要用完整的号码核对，平台只保存打了星号的样子。"


class OldNumber(WrongNumber):
    """A number of 15 digits, as before 2013."""

    msgid = "这是 15 位的老号码，已经停用。请填第二代身份证上的 18 位号码。"


class WrongLength(WrongNumber):
    """Neither 18 characters nor the foreigners' 15."""

    msgid = "号码应是 18 位，这里有 %(length)s 位。请对照证件改正。"


class LettersForDigits(WrongNumber):
    """Letters that look like 0 and 1."""

    msgid = "号码里有字母 O、I 或 l，应该是数字 0 或 1。请对照证件改正。"


class UnknownProvince(WrongNumber):
    """The first two digits belong to no province."""

    msgid = "号码的头两位不对，没有这样的省级代码。请对照证件改正。"


class ImpossibleBirthDate(WrongNumber):
    """The digits of the birth date are no date, or one before 1900."""

    msgid = "号码里的出生日期不存在。请对照证件改正。"


class FutureBirthDate(WrongNumber):
    """The person would be born tomorrow or later."""

    msgid = "号码里的出生日期还没有到。请对照证件改正。"


class WrongCheckDigit(WrongNumber):
    """The last character does not fit the others."""

    msgid = "号码的最后一位和前面的对不上，多半是有一位写错了。请对照证件改正。"


def normalise(text: str) -> str:
    """Return the number in half-width capitals without spaces, hyphens and quotes."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def read_identity(text: str, *, today: date) -> Identity:
    """Return the identity behind a typed number; raise a WrongNumber that says what is wrong."""
    number = normalise(text[:LONGEST_TYPED])
    _require_shape(number, text)
    if _FOREIGN_2017.match(number):
        return Identity(IdKind.FOREIGN, number, _born_2017(number, today))
    kind = _kind(number)
    right = mod_11_2.checksum(number) == 1
    if not right and number.endswith(_CUT_OFF):
        raise NumberDamaged
    born = _born(number[6:14], today)
    if not right:
        raise WrongCheckDigit
    return Identity(kind, number, born)


def _require_shape(number: str, text: str) -> None:
    if not number:
        raise NumberMissing
    if "*" in number:
        raise NumberMasked
    if _EXPONENT.match(unicodedata.normalize("NFKC", text[:LONGEST_TYPED]).strip().upper()):
        raise NumberDamaged
    if _OLD.match(number):
        raise OldNumber
    if _MODERN.match(number) or _FOREIGN_2017.match(number):
        return
    if _LOOKALIKES.match(number):
        raise LettersForDigits
    if number.isascii() and number.rstrip("X").isdigit():
        raise WrongLength(length=len(number))
    raise WrongNumber


def _kind(number: str) -> IdKind:
    if number.startswith("9"):
        return IdKind.FOREIGN
    if number[:2] in _HMT:
        return IdKind.HMT
    if number[:2] not in _PROVINCES:
        raise UnknownProvince
    return IdKind.RESIDENT


def _born(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as impossible:
        raise ImpossibleBirthDate from impossible
    if born < EARLIEST_BIRTH:
        raise ImpossibleBirthDate
    if born > today:
        raise FutureBirthDate
    return born


def _born_2017(number: str, today: date) -> date:
    # The century is missing: the latest one that lies in the past is meant.
    digits = number[7:13]
    try:
        return _born(f"20{digits}", today)
    except (FutureBirthDate, ImpossibleBirthDate):
        return _born(f"19{digits}", today)


def mask_number(number: str) -> str:
    """Return the first and last four characters of a number, asterisks between them."""
    hidden = len(number) - 2 * _SHOWN
    return f"{number[:_SHOWN]}{'*' * hidden}{number[-_SHOWN:]}"
