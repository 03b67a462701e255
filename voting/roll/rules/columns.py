"""Which column of a sheet holds what: the template's own names, and how other people call them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voting.errors import Refusal
from voting.roll.rules.cells import BASIS_WORDS, LONGEST_CELL

NAME = "姓名"
NUMBER = "证件号码"
BASIS = "类型"
ROOM = "楼栋房号"
PHONE = "手机号"
REQUIRED = (NAME, NUMBER, BASIS, ROOM)
COLUMNS = (*REQUIRED, PHONE)
# A place may stand in parts instead of in one column.
BUILDING = "楼栋"
UNIT = "单元"
DOOR = "房号"
PARTS = (BUILDING, UNIT, DOOR)
FIELDS = (NAME, NUMBER, BASIS, ROOM, *PARTS, PHONE)

HEADER_WITHIN = 20
WIDEST = 64
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    NAME: (NAME, "名字", "选民姓名", "居民姓名", "参与人姓名", "人员姓名", "姓名全称"),
    NUMBER: (
        NUMBER, "身份证号码", "身份证号", "身份证", "证件号", "证号", "公民身份号码", "居民身份证号",
        "居民身份证号码", "身份证件号码", "身份号码", "证件编号",
    ),
    BASIS: (BASIS, "参与类型", "居住工作学习", "人员类型", "资格类型", "选民类型", "居民类型", "人员类别"),
    ROOM: (
        ROOM, "住址", "门牌", "门牌号", "居住地址", "家庭住址", "地址", "现住址", "详细地址",
        "楼栋门牌", "楼栋单元房号", "楼房号", "房屋地址", "居住地",
    ),
    BUILDING: (BUILDING, "栋号", "楼号", "栋", "幢", "幢号", "楼栋号", "楼", "楼幢"),
    UNIT: (UNIT, "单元号"),
    DOOR: (DOOR, "房间号", "室号", "户号", "室", "房间", "门号", "房屋号"),
    PHONE: (PHONE, "手机", "手机号码", "联系电话", "电话", "电话号码", "联系方式", "联系手机"),
}  # fmt: skip
# Beside a building they mean the door, and alone the whole place.
_DOORS = frozenset({"门牌", "门牌号"})
_PUNCTUATION = re.compile(r"[\s*＊:：、/／,，·]+")

# The number of a row as the spreadsheet shows it, and its cells as they were stored.
Row = tuple[int, Sequence[object]]


class WrongSheet(Refusal):
    """The sheet as a whole cannot be read as a roll."""

    status = 422


class HeaderMissing(WrongSheet):
    """None of the first rows looks like a header."""

    msgid = "前 20 行里没有找到表头。请用本页的模板，第一行是：姓名、证件号码、类型、楼栋房号。"


class ColumnMissing(WrongSheet):
    """The header lacks a column."""

    msgid = "表头里缺少这一列：%(columns)s。请用本页的模板，列的名称不要改。"


class ColumnTwice(WrongSheet):
    """The header names a column twice."""

    msgid = "表头里有两列都叫“%(column)s”。请删去一列再上传。"


class ColumnUsedTwice(WrongSheet):
    """Two things are to be read from one column."""

    msgid = "“%(first)s”和“%(second)s”选了同一列。请各选一列。"


class ColumnNotNamed(WrongSheet):
    """It was not said where something stands that every row needs."""

    msgid = "请选出“%(column)s”在哪一列。"


class RollEmpty(WrongSheet):
    """There is a header and nothing below it."""

    msgid = "表头下面没有一行内容。请填好名册再上传。"


@dataclass(frozen=True)
class Header:
    """Where the header stands (0: nowhere) and which column is where, counted from 0.

    ``basis`` is said once for the whole sheet where no column says it.
    """

    row: int
    places: Mapping[str, int] = field(default_factory=dict)
    basis: str = ""

    def cells_of(self, cells: Sequence[object]) -> dict[str, object]:
        """Return the cells of a row by the names of their columns; what is not there is None."""
        found = {
            column: cells[place] if place < len(cells) else None
            for column, place in self.places.items()
        }
        return {**found, BASIS: self.basis} if self.basis else found

    def letter_of(self, column: str) -> str:
        """Return the letter of a column in the sheet, and nothing where it has none."""
        parts = [part for part in reversed(PARTS) if part in self.places]
        place = self.places.get(column, self.places[parts[0]] if column == ROOM and parts else None)
        return "" if place is None else letter(place)

    def require_whole(self) -> None:
        """Raise ColumnNotNamed or ColumnUsedTwice unless every row can be read."""
        for column in (NAME, NUMBER):
            if column not in self.places:
                raise ColumnNotNamed(column=column, field=field_name(column))
        if BASIS not in self.places and self.basis not in BASIS_WORDS:
            raise ColumnNotNamed(column=BASIS, field=field_name(BASIS))
        if ROOM not in self.places and DOOR not in self.places and self.basis in {"", "居住"}:
            raise ColumnNotNamed(column=ROOM, field=field_name(ROOM))
        taken: dict[int, str] = {}
        for column, place in self.places.items():
            if place in taken:
                raise ColumnUsedTwice(first=taken[place], second=column, field=field_name(column))
            taken[place] = column


def field_name(column: str) -> str:
    """Return the name of the form field that says where a column stands."""
    return f"column_{FIELDS.index(column)}"


def letter(place: int) -> str:
    """Return the letter of a column as a spreadsheet shows it; places count from 0."""
    first, second = divmod(place, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + second)


def label(cell: object) -> str:
    """Return the words of a header's cell: ``证件号码（必填）*`` and ``姓 名`` are still these columns."""
    text = cell[:LONGEST_CELL] if isinstance(cell, str) else ""
    return _PUNCTUATION.sub("", text.replace("（", "(").partition("(")[0])


def guess(rows: Iterable[Row]) -> Header:
    """Return the header among the first rows that knows most columns; row 0 where none knows any."""
    best = Header(0)
    for number, cells in rows:
        if number > HEADER_WITHIN:
            break
        places = places_of(cells)
        if len(places) > len(best.places):
            best = Header(number, places)
    return best


def places_of(cells: Sequence[object]) -> dict[str, int]:
    """Return which columns a row of labels names; of several that mean the same the first."""
    labels = [label(cell) for cell in cells[:WIDEST]]
    places: dict[str, int] = {}
    for column in FIELDS:
        words = [word for word in _SYNONYMS[column] if word in labels]
        if words:
            places[column] = labels.index(words[0])
    if BUILDING in places and DOOR not in places and _is_door(places, labels):
        places[DOOR] = places.pop(ROOM)
    if BUILDING in places and DOOR in places:
        # Where the parts stand apart, an address beside them is the estate's or the household's.
        places.pop(ROOM, None)
    elif ROOM in places:
        for part in PARTS:
            places.pop(part, None)
    return places


def _is_door(places: Mapping[str, int], labels: Sequence[str]) -> bool:
    return ROOM in places and labels[places[ROOM]] in _DOORS


def find_header(rows: Iterable[Row]) -> Header:
    """Return the header that a sheet carries by itself; raise a WrongSheet that names what is missing."""
    rows = list(rows)[:HEADER_WITHIN]
    header = guess(rows)
    if not header.row:
        raise HeaderMissing
    missing = [column for column in REQUIRED if column not in header.places]
    if DOOR in header.places and ROOM in missing:
        missing.remove(ROOM)
    if missing:
        raise ColumnMissing(columns="、".join(missing))
    labels = [label(cell) for cell in next(cells for row, cells in rows if row == header.row)]
    twice = next((column for column in COLUMNS if labels.count(column) > 1), None)
    if twice:
        raise ColumnTwice(column=twice)
    return header
