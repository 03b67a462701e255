"""Names and telephone numbers: how they are compared, and how they are shown."""

import re
import unicodedata

from voting.errors import Refusal

LONGEST_NAME = 50
_LEAST_CHINESE = 2
_DOTS = re.compile(r"[·•・‧∙⋅．.]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Surnames of two characters; of a longer name both are shown.
_TWO_CHARACTERS = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒",
        "夏侯", "端木", "南宫", "独孤", "长孙", "宇文", "轩辕", "闻人", "澹台", "百里", "呼延",
    }
)  # fmt: skip
# 张*, 张×, 张XX, 张某: how lists that were posted hide a name.
_MASKED = re.compile(r"[*×✕✖○●〇■□█?]|(?<=[\u3400-\u9fff])([xX]+|某+)\Z")
_MOBILE = re.compile(r"1[3-9][0-9]{9}\Z")
_LANDLINE = re.compile(r"0[0-9]{2,3}[0-9]{7,8}\Z")


class WrongName(Refusal):
    """What was given cannot be a person's name."""

    msgid = "姓名里有数字或符号。请填证件上的姓名。"
    status = 422


class NameMissing(WrongName):
    """Nothing was given."""

    msgid = "没有填姓名。"


class NameMasked(WrongName):
    """The name has been masked."""

    msgid = "姓名没有写全（有星号、×或“某”）。请填证件上的全名，平台只保存“张*”这样的样子。"


class NameTooShort(WrongName):
    """One Chinese character."""

    msgid = "姓名只有一个字。请填证件上的全名。"


class NameTooLong(WrongName):
    """More than any name has."""

    msgid = "姓名超过 50 个字。请填证件上的姓名。"


class WrongPhone(Refusal):
    """What was given is no telephone number of the mainland."""

    msgid = "手机号不对。请填 11 位手机号，或带区号的固定电话，没有就空着。"
    status = 422


def read_name(text: str) -> str:
    """Return the name in the one form in which names are compared; raise a WrongName.

    Spaces inside Chinese names only align them with longer ones, so they go; foreign names keep one. The
    middle dot of 买买提·艾力 is written in many ways.
    """
    name = " ".join(unicodedata.normalize("NFKC", text[: LONGEST_NAME * 4]).split())
    if _HAN.search(name):
        name = _DOTS.sub("·", name.replace(" ", "")).strip("·")
    if not name:
        raise NameMissing
    if len(name) > LONGEST_NAME:
        raise NameTooLong
    if _MASKED.search(name):
        raise NameMasked
    if not all(_belongs(char) for char in name):
        raise WrongName
    if len(name) < _LEAST_CHINESE:
        raise NameTooShort
    return name


def _belongs(char: str) -> bool:
    # U+E000 to U+F8FF: characters that a registry coined for rare names and that no font knows.
    return char in "· -'’." or unicodedata.category(char)[0] in "LM" or "\ue000" <= char <= "\uf8ff"


def comparable(name: str) -> str:
    """Return the form of a read name that is hashed: capitals make no other person."""
    return name.casefold()


def mask_name(name: str) -> str:
    """Return the surname and an asterisk: ``张*``, ``欧阳*``."""
    double = len(name) > _LEAST_CHINESE and name[:2] in _TWO_CHARACTERS
    return f"{name[:2] if double else name[:1]}*"


def mask_phone(digits: str) -> str:
    """Return a telephone number without its middle: ``138****5678``."""
    return f"{digits[:3]}****{digits[-4:]}"


def read_phone(text: str) -> str | None:
    """Return the digits of a telephone number, None for an empty one; raise WrongPhone.

    Mobile numbers of every operator are taken, and landlines with their area code.
    """
    digits = re.sub(r"[\s\-－—()（）]", "", unicodedata.normalize("NFKC", text[:40])).removeprefix(
        "+86"
    )
    if not digits:
        return None
    if not _MOBILE.match(digits) and not _LANDLINE.match(digits):
        raise WrongPhone
    return digits
