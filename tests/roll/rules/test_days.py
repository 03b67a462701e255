from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.figures import LEAST_SHOWN
from voting.roll.rules.days import MarkedDays, shown_days

MONDAY = date(2026, 12, 14)


def day(number):
    return MONDAY + timedelta(days=number)


def told(*numbers, first=0, last=None):
    """Return first, last and marked of each stretch; ``numbers`` are marked from day 0 on."""
    marked = {day(at): number for at, number in enumerate(numbers) if number}
    until = day(len(numbers) - 1 if last is None else last)
    found = shown_days(marked, first=day(first), last=until)
    return [((one.first - MONDAY).days, (one.last - MONDAY).days, one.marked) for one in found]


@pytest.mark.parametrize(
    ("numbers", "stretches"),
    [
        ((10, 12, 30), [(0, 0, 10), (1, 1, 12), (2, 2, 30)]),
        ((10, 9, 1, 30), [(0, 0, 10), (1, 2, 10), (3, 3, 30)]),
        ((9, 9, 9), [(0, 2, 27)]),
        ((40, 0, 0, 0), [(0, 3, 40)]),
        ((0, 0, 40), [(0, 2, 40)]),
        ((5, 0, 6, 3), [(0, 3, 14)]),
        ((4, 5), []),
        ((), []),
    ],
)
def test_days_with_few_are_told_together_with_their_neighbours(numbers, stretches):
    assert told(*numbers) == stretches


def test_who_was_marked_before_the_vote_began_is_told_and_so_is_who_was_entered_later() -> None:
    assert told(11, 0, 20, 0, 7, first=2, last=3) == [(0, 0, 11), (1, 3, 27)]


counts = st.dictionaries(st.integers(-5, 20), st.integers(1, 25))


@given(counts=counts, length=st.integers(0, 9))
def test_stretches_are_whole_add_up_and_never_tell_of_a_few(counts, length) -> None:
    marked = Counter({day(at): number for at, number in counts.items()})
    found = shown_days(marked, first=day(0), last=day(length))
    assert sum(one.marked for one in found) in {0, marked.total()}
    assert bool(found) == (marked.total() >= LEAST_SHOWN)
    assert all(one.marked >= LEAST_SHOWN and one.first <= one.last for one in found)
    for one, other in pairwise(found):
        assert other.first == one.last + timedelta(days=1)
    if found:
        assert (found[0].first, found[-1].last) == (
            min([day(0), *(one for one in marked if one <= day(length))]), day(length)
        )  # fmt: skip
    assert all(isinstance(one, MarkedDays) for one in found)
