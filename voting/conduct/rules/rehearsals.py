"""Twenty people who do not exist, for the roll of a rehearsal."""

from collections.abc import Iterator, Sequence

from stdnum.iso7064 import mod_11_2

from voting.roll.rules.columns import COLUMNS

PEOPLE = 20
_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
# No county has this address code, so the numbers are nobody's.
_NOWHERE = "369999"
_FIRST_YEAR = 1945
_YEARS_BETWEEN = 3


def invented_people() -> Iterator[Sequence[object]]:
    """Yield the rows of a roll: its header, then the people, adults of all ages in five stairwells."""
    yield COLUMNS
    for index, name in enumerate(_NAMES):
        year = _FIRST_YEAR + _YEARS_BETWEEN * index
        digits = f"{_NOWHERE}{year}0601{index + 1:03d}"
        number = digits + mod_11_2.calc_check_digit(digits)
        yield f"演练{name}", number, "居住", f"{index // 4 + 1}栋1单元{index % 4 + 1}01", ""
