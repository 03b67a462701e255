"""The roll of a community as people keep one: 1,346 households in 42 buildings, one row in twenty spoilt.

Everything is drawn from a seed. Numbers have the address code 369999, which no county has, or are of the
kinds for people from elsewhere; each check digit fits unless it was spoilt on purpose.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.factories.roll import REFERENCE, Cells, identity_number

HOUSEHOLDS, BUILDINGS, ELECTORS = 1346, 42, 3110
# The sheet's own order and names: nothing is called as in the template.
HEADER = ("序号", "房号", "选民姓名", "楼栋", "联系电话", "身份证号", "单元", "人员类别", "备注")
NAME, NUMBER, BASIS, BUILDING, UNIT, DOOR, PHONE = 2, 5, 7, 3, 6, 1, 4
TITLES: tuple[Cells, ...] = (["南站街道站南巷社区选民登记表"], [], ["填表日期：2026年11月"])
FIRST_ROW = len(TITLES) + 2
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英建国志玉兰红梅文华"


@dataclass
class Community:
    """The rows below the titles and the header, and what must be said of them."""

    people: list[list[object]]
    faults: set[tuple[int, str]] = field(default_factory=set)
    remarks: set[tuple[int, str]] = field(default_factory=set)
    repeated: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def cells(self) -> list[Cells]:
        """The whole sheet."""
        return [*TITLES, HEADER, *self.people]


Spoil = Callable[[list[object], random.Random], None]


def _set(place: int, value: object) -> Spoil:
    def spoil(cells: list[object], _draw: random.Random) -> None:
        cells[place] = value

    return spoil


def _wrong_check_digit(cells: list[object], _draw: random.Random) -> None:
    number = str(cells[NUMBER])
    cells[NUMBER] = number[:-1] + ("0" if number[-1] != "0" else "1")


def _ends_in_000(cells: list[object], _draw: random.Random) -> None:
    number = str(cells[NUMBER])
    cells[NUMBER] = f"{number[:15]}000"


def _letters(cells: list[object], _draw: random.Random) -> None:
    number = str(cells[NUMBER])
    cells[NUMBER] = number[:6].replace("3", "l") + number[6:10] + "O" + number[11:]


def _masked_number(cells: list[object], _draw: random.Random) -> None:
    number = str(cells[NUMBER])
    cells[NUMBER] = f"{number[:4]}**********{number[-4:]}"


def _shorter(cells: list[object], _draw: random.Random) -> None:
    cells[NUMBER] = str(cells[NUMBER])[:-2]


def _masked_name(cells: list[object], _draw: random.Random) -> None:
    cells[NAME] = f"{str(cells[NAME])[0]}某某"


# What is spoilt, at which column of the template it must be found, and how.
FAULTS: dict[str, tuple[str, Spoil]] = {
    "no number": ("证件号码", _set(NUMBER, "")),
    "exponent": ("证件号码", _set(NUMBER, "3.69999E+17")),
    "last digits 000": ("证件号码", _ends_in_000),
    "check digit": ("证件号码", _wrong_check_digit),
    "impossible date": ("证件号码", _set(NUMBER, "369999197002300017")),
    "before 1900": ("证件号码", _set(NUMBER, identity_number(date(1899, 12, 31)))),
    "future date": ("证件号码", _set(NUMBER, identity_number(date(2029, 1, 1)))),
    "15 digits": ("证件号码", _set(NUMBER, "369999700101001")),
    "wrong length": ("证件号码", _shorter),
    "letters": ("证件号码", _letters),
    "masked number": ("证件号码", _masked_number),
    "no province": (
        "证件号码",
        _set(NUMBER, identity_number(area="990000").replace("99", "84", 1)),
    ),
    "under age": ("证件号码", _set(NUMBER, identity_number(REFERENCE.replace(year=2012)))),
    "above 105": ("证件号码", _set(NUMBER, identity_number(date(1915, 3, 1)))),
    "no name": ("姓名", _set(NAME, "")),
    "masked name": ("姓名", _masked_name),
    "figures in a name": ("姓名", _set(NAME, "王伟2")),
    "one character": ("姓名", _set(NAME, "王")),
    "merged building": ("楼栋房号", _set(BUILDING, "")),
    "wrong basis": ("类型", _set(BASIS, "户籍")),
    "no basis": ("类型", _set(BASIS, "")),
    "telephone": ("手机号", _set(PHONE, "1380000")),
}


def community(seed: int = 20261124, *, spoilt: int = ELECTORS // 20) -> Community:
    """Return a community with ``spoilt`` rows, every kind of fault among them."""
    draw = random.Random(seed)  # noqa: S311 -- people who do not exist need no secret
    made = Community([_person(index, draw) for index in range(ELECTORS)])
    _foreigners(made)
    rows = iter(draw.sample(range(100, ELECTORS), spoilt + 60))
    _doubles(made, rows)
    kinds = list(FAULTS)
    for turn in range(spoilt - len(made.faults) - made.repeated):
        kind = kinds[turn % len(kinds)]
        column, spoil = FAULTS[kind]
        index = next(rows)
        spoil(made.people[index], draw)
        made.faults.add((index + FIRST_ROW, column))
        made.kinds[kind] = made.kinds.get(kind, 0) + 1
    return made


def _person(index: int, draw: random.Random) -> list[object]:
    house = index % HOUSEHOLDS
    born = date(1930, 1, 1) + timedelta(days=index * 9 + draw.randrange(9))
    order = 1 + index % 899
    number = identity_number(born, order=order)
    while number.endswith("000"):
        order += 1
        number = identity_number(born, order=order)
    name = draw.choice(_SURNAMES) + "".join(draw.sample(_GIVEN, 2))
    return [
        index + 1, f"{house // BUILDINGS % 6 + 1}0{house // BUILDINGS % 2 + 1}", name,
        str(house % BUILDINGS + 1), f"138{index:08d}", number, str(index // HOUSEHOLDS + 1), "居住", "",
    ]  # fmt: skip


def _foreigners(made: Community) -> None:
    """Put the numbers that only look wrong among the first rows."""
    numbers = [
        identity_number(area="810000"), identity_number(area="820000"), identity_number(area="830000"),
        identity_number(area="911840"), "KAZ110090123105", "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
    ]  # fmt: skip
    # The last two are one person typed in two ways.
    for index, number in enumerate(numbers):
        made.people[index][NUMBER] = number
    made.people[6][NAME] = made.people[5][NAME]
    made.repeated += 1
    made.remarks.add((6 + FIRST_ROW, "证件号码"))
    made.people[7][BASIS], made.people[8][BASIS] = "工作", "学习"
    for place in (BUILDING, UNIT, DOOR):
        made.people[7][place] = made.people[8][place] = ""


def _doubles(made: Community, rows: object) -> None:
    """Repeat rows, give a number to two names, and two numbers to one name at one door."""
    indexes = iter(rows)  # type: ignore[call-overload]  # an iterator of whole numbers
    for _turn in range(5):
        first, again = sorted((next(indexes), next(indexes)))
        made.people[again] = list(made.people[first])
        made.repeated += 1
        made.remarks.add((again + FIRST_ROW, "证件号码"))
    for _turn in range(5):
        first, second = next(indexes), next(indexes)
        made.people[first][NAME], made.people[second][NAME] = "王建国", "李建国"
        made.people[second][NUMBER] = made.people[first][NUMBER]
        made.faults |= {(first + FIRST_ROW, "姓名"), (second + FIRST_ROW, "姓名")}
    for turn in range(5):
        first, second = next(indexes), next(indexes)
        for place in (BUILDING, UNIT, DOOR):
            made.people[second][place] = made.people[first][place]
        made.people[first][NAME] = made.people[second][NAME] = f"张{_GIVEN[turn]}桂"
        made.remarks |= {(first + FIRST_ROW, "证件号码"), (second + FIRST_ROW, "证件号码")}
