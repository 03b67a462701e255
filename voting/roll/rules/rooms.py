"""Where somebody lives: the building, which may be shown, and the room, which is kept sealed."""

import re
import unicodedata

from voting.errors import Refusal

LONGEST_ROOM = 60
_UNIT = "栋|幢|座|号楼|#楼|#"
# 3栋2单元502, 幸福里3号楼502室, A座1203
_NAMED = re.compile(rf"(?P<building>.*?[0-9A-Z一二三四五六七八九十]+(?:{_UNIT}))(?P<room>.*)\Z")
# 3-2-502, 幸福里3-502
_HYPHENS = re.compile(r"(?P<before>[^0-9]*)(?P<number>[0-9]+[A-Z]?)-(?P<room>.*[0-9].*)\Z")
# 老宿舍502室: no building number, so the words before the last number are the building
_WORDS = re.compile(r"(?P<building>.*[^0-9])(?P<room>[0-9]+[A-Z]?(?:室|房|号|户)?)\Z")
# 2026-3-2, 2026年3月2日, 3月2日, 2-MAR, MAR-02: what becomes of 3-2 when a program reads it as a day
_DATE = re.compile(
    r"([12][0-9]{3}[-年.][0-9]{1,2}[-月.][0-9]{1,2}日?|[0-9]{1,2}月[0-9]{1,2}日"
    r"|([0-9]{1,2}-)?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(-[0-9]{1,4})?)"
    r"(T?00:00(:00)?)?\Z"
)
_BARE = re.compile(r"[0-9A-Z一二三四五六七八九十]+\Z")
_DASHES = re.compile(r"[\-‐‑‒–—―−_/\\~]+")
_PARTS = re.compile(r"[0-9]+|[A-Z]+")


class RoomMissing(Refusal):
    """A person who lives here has no address."""

    msgid = "没有填楼栋房号。类型是“居住”的要填，比如 3栋2单元502。"
    status = 422


class RoomTooLong(Refusal):
    """More than an address inside an estate needs."""

    msgid = "楼栋房号超过 60 个字。只填楼栋、单元和房号，比如 3栋2单元502。"
    status = 422


class RoomIsDate(Refusal):
    """A spreadsheet turned 3-2 into the third of February, and saved it as a text."""

    msgid = "楼栋房号被表格软件改成了日期。请先把这一列的格式设为“文本”，再重新填写。"
    status = 422


class BuildingMissing(Refusal):
    """A door without its building: merged cells keep their content in the first row only."""

    msgid = "有房号，没有楼栋。合并的单元格只有第一行有内容：请取消合并，每一行都填上楼栋。"
    status = 422


def tidy(text: str) -> str:
    """Return the address in half-width capitals, without spaces, with plain hyphens."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST_ROOM * 4]).upper()
    return _DASHES.sub("-", "".join(plain.split())).strip("-,，。;；")


def read_room(text: str) -> tuple[str, str]:
    """Return building and room: ``3栋2单元502`` and ``3-2-502`` both lie in ``3栋``.

    Raise RoomTooLong or RoomIsDate.
    """
    address = tidy(text)
    if len(address) > LONGEST_ROOM:
        raise RoomTooLong
    if _DATE.match(address):
        raise RoomIsDate
    return split(address)


def join(building: str, unit: str, door: str) -> str:
    """Return the place whose parts stand in columns of their own; raise BuildingMissing."""
    first, second, third = tidy(building), tidy(unit), tidy(door)
    if not first and (second or third):
        raise BuildingMissing
    if first and _BARE.match(first):
        first += "栋"
    if second and _BARE.match(second):
        second += "单元"
    return first + second + third


def split(address: str) -> tuple[str, str]:
    """Return building and room of a tidy address."""
    if found := _NAMED.match(address):
        return found["building"], found["room"].strip("-")
    if found := _HYPHENS.match(address):
        return f"{found['before'].strip('-')}{found['number']}栋", found["room"].strip("-")
    if found := _WORDS.match(address):
        return found["building"].strip("-"), found["room"]
    # Where the two cannot be told apart, whatever has a figure in it may be the room.
    return ("", address) if any(char.isdigit() for char in address) else (address, "")


def is_same_room(asked: str, kept: str) -> bool:
    """Tell whether a typed room may be the kept one: 502 finds 2单元502 but not 1502, 2单元 all of it."""
    wanted, parts = _PARTS.findall(asked), _PARTS.findall(kept)
    if asked.endswith("单元"):
        return bool(wanted) and parts[: len(wanted)] == wanted and len(parts) > len(wanted)
    return bool(wanted) and parts[-len(wanted) :] == wanted
