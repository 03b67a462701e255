from datetime import date

import pytest

from voting.roll.rules.age import AgeBand, TooYoung, UnlikelyAge, age_band, age_on, require_age


def is_15(born: date, day: date, *, birthday_counts: bool) -> bool:
    return age_on(born, day, birthday_counts=birthday_counts) >= 15


@pytest.mark.parametrize(
    ("born", "day", "counted", "from_next_day"),
    [
        pytest.param(date(2011, 11, 22), date(2026, 11, 22), True, False, id="birthday"),
        pytest.param(date(2011, 11, 21), date(2026, 11, 22), True, True, id="day after"),
        pytest.param(date(2011, 11, 23), date(2026, 11, 22), False, False, id="day before"),
        pytest.param(date(2012, 2, 29), date(2027, 2, 28), True, False, id="leap, 28 February"),
        pytest.param(date(2012, 2, 29), date(2027, 3, 1), True, True, id="leap, 1 March"),
        pytest.param(date(2012, 2, 29), date(2027, 2, 27), False, False, id="leap, 27 February"),
        pytest.param(date(2008, 2, 29), date(2024, 2, 29), True, True, id="leap in a leap year"),
        pytest.param(date(2009, 2, 28), date(2024, 2, 28), True, False, id="28th in a leap year"),
        pytest.param(date(2011, 12, 31), date(2026, 12, 31), True, False, id="last of the year"),
        pytest.param(date(2012, 1, 1), date(2026, 12, 31), False, False, id="first of the next"),
    ],
)
def test_a_person_is_15_on_the_birthday_or_the_day_after_as_the_round_says(
    born: date, day: date, *, counted: bool, from_next_day: bool
) -> None:
    assert is_15(born, day, birthday_counts=True) is counted
    assert is_15(born, day, birthday_counts=False) is from_next_day


def test_age_before_the_birth_is_negative() -> None:
    assert age_on(date(2027, 1, 1), date(2026, 12, 31)) == -1


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (14, "0-14"), (15, "15-17"), (17, "15-17"), (18, "18-34"), (34, "18-34"), (35, "35-59"),
        (59, "35-59"), (60, "60-69"), (69, "60-69"), (70, "70+"), (105, "70+"), (-1, "0-14"),
    ],
)  # fmt: skip
def test_each_age_lies_in_one_band(age: int, band: str) -> None:
    assert age_band(age) is AgeBand(band)


def required(born: date, *, checked: bool = False) -> int:
    return require_age(
        born,
        day=date(2026, 11, 30),
        min_age=15,
        birthday_counts=True,
        old_ages_checked=checked,
    )


def test_who_is_too_young_is_told_the_day_and_the_way_to_take_part() -> None:
    with pytest.raises(TooYoung) as refused:
        required(date(2011, 12, 1))
    assert str(refused.value).startswith("到 2026年11月30日 未满 15 周岁")
    assert "小小观察员" in str(refused.value)


def test_an_age_of_105_passes_and_106_wants_a_look() -> None:
    assert required(date(1921, 11, 30)) == 105
    with pytest.raises(UnlikelyAge):
        required(date(1920, 11, 30))


def test_an_age_above_105_passes_once_it_was_checked() -> None:
    assert required(date(1920, 11, 30), checked=True) == 106
