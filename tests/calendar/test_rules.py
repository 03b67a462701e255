from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.calendar.rules import is_working_day, library_knows, nth_working_day

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2026, 2, 17), False),
        (date(2027, 1, 4), True),
        (date(2027, 1, 2), False),
    ],
    ids=["调休 in February", "调休 in October", "Sunday", "Monday", "春节", "2027 Mo", "2027 Sa"],
)
def test_the_library_knows_holidays_and_worked_weekends(day, works):
    assert is_working_day(day, {}) is works


def test_the_table_stands_above_the_library():
    assert is_working_day(date(2026, 11, 22), {date(2026, 11, 22): True})
    assert not is_working_day(MONDAY, {MONDAY: False})


def test_five_working_days_after_a_monday_end_on_the_next_monday():
    assert nth_working_day(MONDAY, 5, {}).last_day == date(2026, 11, 30)


def test_the_day_of_posting_counts_where_that_is_the_custom():
    assert nth_working_day(MONDAY, 5, {}, counts_first=True).last_day == date(2026, 11, 27)


def test_a_day_of_posting_that_is_off_never_counts():
    sunday = date(2026, 11, 22)
    assert nth_working_day(sunday, 1, {}, counts_first=True).last_day == MONDAY


def test_a_period_that_would_end_on_a_holiday_moves_on():
    # 30 September 2026 is followed by 国庆节 until the 7th.
    assert nth_working_day(date(2026, 9, 30), 1, {}).last_day == date(2026, 10, 8)


def test_no_days_at_all_end_on_the_day_itself_or_the_next_worked_one():
    assert nth_working_day(MONDAY, 0, {}).last_day == MONDAY
    assert nth_working_day(date(2026, 11, 21), 0, {}).last_day == MONDAY


def test_a_year_nobody_knows_is_named():
    found = nth_working_day(date(2026, 12, 29), 5, {})
    assert found.last_day == date(2027, 1, 5)
    assert found.doubtful_years == (2027,)


def test_a_year_entered_in_full_is_not_doubtful():
    new_year = {date(2027, 1, 1): False}
    found = nth_working_day(date(2026, 12, 29), 5, new_year, entered_years=frozenset({2027}))
    assert found.last_day == date(2027, 1, 6)
    assert found.doubtful_years == ()


def test_the_library_ends_before_the_present_does():
    assert library_knows(2026)
    assert not library_knows(2027)
    assert not library_knows(2003)


@pytest.mark.parametrize("count", [-1, 367])
def test_a_period_nobody_could_mean_is_refused(count):
    with pytest.raises(ValueError, match="period"):
        nth_working_day(MONDAY, count, {})


@given(
    day=st.dates(date(2005, 1, 1), date(2029, 12, 31)),
    count=st.integers(0, 30),
    off=st.dictionaries(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.booleans(), max_size=8),
)
def test_a_period_ends_on_a_worked_day_and_one_more_day_ends_later(day, count, off):
    shorter = nth_working_day(day, count, off).last_day
    assert is_working_day(shorter, off)
    assert shorter >= day
    assert nth_working_day(day, count + 1, off).last_day > shorter or count == 0
