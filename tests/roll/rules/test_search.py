import pytest

from voting.roll.rules.search import Search, is_same_building, natural, read_search


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("", Search()),
        ("  ", Search()),
        ("*", Search()),
        ("张", Search(building="张", name="张")),
        ("张*", Search(building="张*", name="张")),
        ("张一二", Search(building="张一二", name="张一二")),
        ("1234", Search(room="1234", last_four="1234")),
        ("123x", Search(room="123X", last_four="123X")),
        ("502", Search(room="502")),
        ("502室", Search(room="502室")),
        ("3栋", Search(building="3栋")),
        ("3栋502", Search(building="3栋", room="502")),
        ("3-2-502", Search(building="3栋", room="2-502")),
        ("１２３４", Search(room="1234", last_four="1234")),
    ],
)
def test_a_worker_may_type_a_building_a_room_a_surname_or_the_end_of_a_number(
    typed: str, search: Search
) -> None:
    assert read_search(typed) == search


def test_a_very_long_search_is_cut() -> None:
    assert len(read_search("张" * 100_000).name) <= 40


@pytest.mark.parametrize(
    ("asked", "kept", "same"),
    [
        ("3栋", "3栋", True),
        ("3栋", "幸福里3栋", True),
        ("3栋", "13栋", False),
        ("幸福里", "幸福里3栋", False),
        ("", "3栋", False),
    ],
)
def test_3_is_not_13(asked: str, kept: str, *, same: bool) -> None:
    assert is_same_building(asked, kept) is same


def test_building_2_comes_before_building_10() -> None:
    found = sorted(["10栋", "2栋", "", "2栋甲", "老宿舍"], key=natural)
    assert found == ["", "2栋", "2栋甲", "10栋", "老宿舍"]
