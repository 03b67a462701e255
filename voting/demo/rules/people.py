"""People who do not exist, for the demo's rolls.

Their identity numbers have an address code that no county has (369999), so they are nobody's; their names
are those by which Chinese examples call nobody in particular (张某甲). Nobody has a telephone.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum.iso7064 import mod_11_2

HEADER = ("姓名", "证件号码", "类型", "楼栋房号")
_NOWHERE = "369999"
_SURNAMES = "李王张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
_LAST = "甲乙丙丁戊己庚辛壬癸"
_YEARS = 365.2425
_OLDEST, _YOUNGEST = 92, 15
_WORKERS, _PUPILS = 25, 60  # one in so many works or studies here and lives elsewhere


def rows(
    count: int, *, buildings: int, on: date, random: Random, faults: bool = False
) -> list[tuple[str, ...]]:
    """Return a roll as a sheet: the header, then ``count`` people who may be listed on the day ``on``.

    With ``faults`` three rows stand there twice, one number has a wrong last digit, and one child is too
    young: what a sheet from an office looks like.
    """
    people = list(_people(count, buildings, on, random))
    if not faults:
        return [HEADER, *people]
    name, number, *rest = people[17]
    misread = (name, number[:-1] + ("1" if number[-1] != "1" else "2"), *rest)
    child = (*_person(on - timedelta(days=9 * 365), count + 1, random), "居住", "2栋1单元302")
    return [HEADER, *people, people[4], people[80], people[211], misread, child]


def _people(count: int, buildings: int, on: date, random: Random) -> Iterator[tuple[str, ...]]:
    for index in range(count):
        age = _OLDEST - (_OLDEST - _YOUNGEST) * random.betavariate(1.7, 1.5)
        born = on - timedelta(days=int(age * _YEARS) + 1)
        person = _person(born, index, random)
        if index % _WORKERS == _WORKERS - 1:
            yield (*person, "工作", "")
        elif index % _PUPILS == _PUPILS - 1:
            yield (*person, "学习", "")
        else:
            yield (*person, "居住", _room(index, count, buildings))


def _person(born: date, index: int, random: Random) -> tuple[str, str]:
    body = f"{_NOWHERE}{born:%Y%m%d}{index % 1000:03d}"
    name = f"{random.choice(_SURNAMES)}某{_LAST[index % len(_LAST)]}"
    return name, body + mod_11_2.calc_check_digit(body)


def _room(index: int, count: int, buildings: int) -> str:
    """Return the address of somebody: households of about two, six floors, buildings of equal size."""
    households = -(-count // 2)
    building, home = divmod(index // 2, -(-households // buildings))
    unit, rest = divmod(home, 12)
    return f"{building + 1}栋{unit + 1}单元{rest // 2 + 1}0{rest % 2 + 1}"
