import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.paper.rules.keying import (
    Keyed,
    NumberTwice,
    NumberUnknown,
    TicksUnreadable,
    Whole,
    agreed_marks,
    kept_ticks,
    open_marks,
    read_keyed,
    read_written,
    reason_of,
    settles,
    written,
)

SHORT = range(1, 10)
LONG = range(1, 40)


def keyed(*ticks: int, doubts: tuple[int, ...] = (), whole: Whole = Whole.NOTHING) -> Keyed:
    return Keyed(frozenset(ticks), frozenset(doubts), whole)


GAPS = ["1 5 12", "1,5,12", "1.5.12", "1+5+12", "1，5、12", "１ ５ １２"]


@pytest.mark.parametrize("typed", [*GAPS, "010512", "01 0512", "12 5 1 "])
def test_numbers_are_read_with_any_gap_or_in_fixed_width(typed):
    assert read_keyed(typed, LONG) == keyed(1, 5, 12)


@pytest.mark.parametrize("typed", ["135", "1 35", "1,3,5", "5 3 1"])
def test_a_short_list_needs_no_gap(typed):
    assert read_keyed(typed, SHORT) == keyed(1, 3, 5)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3? 5", keyed(5, doubts=(3,))),
        ("0305?", keyed(3, doubts=(5,))),
        ("3/ 5", keyed(5, doubts=(3,))),
        ("3？5", keyed(5, doubts=(3,))),
        ("*", keyed(whole=Whole.OTHER)),
        ("*t", keyed(whole=Whole.TORN)),
        ("3 5 *m", keyed(3, 5, whole=Whole.MARKS)),
        ("3*F", keyed(3, whole=Whole.FOREIGN)),
        ("3*1", keyed(3, whole=Whole.TORN)),
        ("3*3", keyed(3, whole=Whole.FOREIGN)),
        ("", keyed()),
        ("  ", keyed()),
    ],
)
def test_doubt_is_read_of_a_number_and_of_the_paper(typed, read):
    assert read_keyed(typed, LONG) == read


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("40", NumberUnknown),
        ("0", NumberUnknown),
        ("1 1", NumberTwice),
        ("1 1?", NumberTwice),
        ("123", TicksUnreadable),
        ("abc", TicksUnreadable),
        ("*x", TicksUnreadable),
        ("* 3", TicksUnreadable),
        ("?", TicksUnreadable),
        ("1??", TicksUnreadable),
        ("1 " * 300, TicksUnreadable),
    ],
)
def test_what_cannot_stand_on_a_paper_is_refused(typed, refusal):
    with pytest.raises(refusal):
        read_keyed(typed, LONG)


@given(
    st.lists(st.sampled_from(LONG), unique=True), st.integers(0, 39), st.sampled_from(list(Whole))
)
def test_what_is_written_down_has_one_length_and_is_read_again(numbers, doubtful, whole):
    said = keyed(*numbers[doubtful:], doubts=tuple(numbers[:doubtful]), whole=whole)
    text = written(said, LONG)
    assert len(text) == len(LONG) + 1
    assert read_written(text, LONG) == said


@pytest.mark.parametrize("text", ["", "..-", "z" * 39 + "-", "." * 39 + "z"])
def test_what_was_not_written_of_this_list_is_not_read(text):
    with pytest.raises((ValueError, IndexError)):
        read_written(text, LONG)


def test_only_two_equal_keyings_without_doubt_settle():
    assert settles(keyed(1, 2), keyed(2, 1))
    assert settles(keyed(), keyed())
    assert not settles(keyed(1, 2), keyed(1))
    assert not settles(keyed(1, doubts=(2,)), keyed(1, doubts=(2,)))
    assert not settles(keyed(1, whole=Whole.TORN), keyed(1, whole=Whole.TORN))


def test_marks_are_open_where_two_differ_or_one_doubts():
    first, second = keyed(1, 2, 3, doubts=(7,)), keyed(1, 2, 4, doubts=(3,))
    assert open_marks(first, second) == (3, 4, 7)
    assert agreed_marks(first, second) == (1, 2)


def test_too_many_ticks_and_none_count_for_nothing_and_few_count():
    assert reason_of([1, 2, 3, 4], 3) == "over"
    assert reason_of([], 3) == "blank"
    assert reason_of([1], 3) is None
    assert reason_of([1, 2, 3], 3) is None


def test_a_tick_for_a_withdrawn_candidate_makes_no_paper_void():
    gone = frozenset({2, 5})
    assert reason_of([1, 2, 3, 4, 5], 3, gone) is None
    assert reason_of([1, 2, 3, 4, 6], 3, gone) == "over"
    assert reason_of([2, 5], 3, gone) is None


def test_what_a_ballot_has_no_room_for_are_ticks_for_withdrawn_candidates():
    gone = frozenset({2, 5})
    assert kept_ticks([1, 2, 3, 4, 5], 3, gone) == (1, 3, 4)
    assert kept_ticks([1, 2, 5, 3], 3, gone) == (1, 2, 3)
    assert kept_ticks([5, 2], 3, gone) == (2, 5)
