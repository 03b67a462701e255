import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.proposals.rules import masked_name, masked_phone, next_free_number, normalised_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张建国", " 张 建国 "),
        ("张建国", "张　建国"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽・买买提"),
        ("Anna Li", "ＡＮＮＡ　ＬＩ"),
    ],
)
def test_a_name_written_in_two_ways_is_one_name(one, other):
    assert normalised_name(one) == normalised_name(other)


def test_two_names_stay_two():
    assert normalised_name("张建国") != normalised_name("张健国")
    assert normalised_name("㛃") != normalised_name("洁")


def test_only_the_surname_is_shown():
    assert masked_name("张建国") == "张*"
    assert masked_name("欧阳修") == "欧*"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13870001234", "138****1234"), ("0791-86500012", "0791-86****12")],
)
def test_a_telephone_is_shown_in_part(phone, masked):
    assert masked_phone(phone) == masked


@pytest.mark.parametrize(
    ("taken", "free"), [([], 1), ([1, 2], 3), ([2, 3], 1), ([1, 3], 2), ([7], 1)]
)
def test_the_next_free_number_fills_the_first_gap(taken, free):
    assert next_free_number(taken) == free


@given(st.sets(st.integers(1, 50)))
def test_the_next_free_number_is_free_and_nothing_below_it_is(taken):
    free = next_free_number(taken)
    assert free not in taken
    assert set(range(1, free)) <= taken
