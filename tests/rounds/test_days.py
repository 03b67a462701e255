from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.rounds.rules import (
    DaysAsked,
    GivenDays,
    OpensTooSoon,
    WorkDays,
    check_reachable,
    days_remarks,
    earliest_opening,
    planned_days,
    stretches,
)

DAY = timedelta(days=1)
KNOWN = WorkDays({})
# 春节 2026 as it was announced: 15 to 23 February off, 14 and 28 February worked.
SPRING = date(2026, 3, 14)


def _planned(opens_on, *, work=KNOWN, **changes):
    return planned_days(work, DaysAsked(opens_on=opens_on, **changes))


def test_the_days_follow_from_the_opening_day():
    days = _planned(date(2026, 11, 21))
    assert days.announce_on == date(2026, 11, 18)
    assert days.review_until == date(2026, 11, 13)
    assert days.screening_until == date(2026, 11, 4)
    assert days.collecting_until == date(2026, 10, 28)
    assert days.collecting_from == date(2026, 10, 14)
    assert (days.closes_on, days.posted_on) == (date(2026, 11, 27), date(2026, 11, 30))
    assert (days.public_until, days.answer_until) == (date(2026, 12, 7), date(2026, 12, 10))
    assert (days.rest_days, days.doubtful_years) == (2, ())


def test_holidays_make_the_review_longer():
    days = _planned(SPRING)
    # 14 and 28 February are worked Saturdays, 15 to 23 February are off.
    assert days.screening_until == date(2026, 2, 26)
    assert days.collecting_until == date(2026, 2, 12)


def test_the_table_of_the_street_stands_above_the_library():
    off = {date(2026, 11, 12): False, date(2026, 11, 14): True}
    days = _planned(date(2026, 11, 21), work=WorkDays(off))
    assert days.review_until == date(2026, 11, 14)


def test_what_was_set_by_hand_stands_and_what_lies_before_follows():
    days = _planned(date(2026, 11, 21), given=GivenDays(review_until=date(2026, 11, 6)))
    assert days.announce_on == date(2026, 11, 18)
    assert days.screening_until == date(2026, 10, 28)


def test_a_posting_day_that_counts_ends_publicity_a_day_earlier():
    assert _planned(date(2026, 11, 21), posting_day_counts=True).public_until == date(2026, 12, 4)


@given(
    today=st.dates(date(2010, 1, 1), date(2090, 1, 1)),
    off=st.sets(st.integers(0, 120), max_size=40),
)
def test_the_earliest_opening_leaves_time_for_everything(today, off):
    work = WorkDays({today + at * DAY: False for at in off})
    opens = earliest_opening(work, today)
    days = _planned(opens, work=work)
    assert days.collecting_from > today
    assert _planned(opens - DAY, work=work).collecting_from <= today
    check_reachable(work, days, GivenDays(), today)
    order = [
        days.collecting_from, days.collecting_until, days.screening_until, days.review_until,
        days.announce_on, days.opens_on, days.closes_on, days.posted_on, days.public_until,
        days.answer_until,
    ]  # fmt: skip
    assert order == sorted(order)
    assert days.opens_on - days.announce_on >= 3 * DAY
    assert all(part.length >= 1 for part in stretches(days))
    for day in (days.screening_until, days.review_until, days.announce_on, days.posted_on):
        assert work.works(day)


def test_a_day_gone_by_is_refused_unless_it_was_set_by_hand():
    today = date(2026, 11, 10)
    given_days = GivenDays(collecting_from=date(2026, 10, 1), collecting_until=date(2026, 10, 15))
    days = _planned(date(2026, 11, 21))
    with pytest.raises(OpensTooSoon, match="最早可以从2026年12月"):
        check_reachable(KNOWN, days, GivenDays(), today)
    with pytest.raises(OpensTooSoon):
        check_reachable(KNOWN, _planned(date(2026, 11, 21), given=given_days), given_days, today)
    every = days.before_vote
    check_reachable(KNOWN, days, every, today)


def test_years_that_nobody_knows_are_named_and_short_stages_remarked():
    days = _planned(
        date(2027, 1, 18),
        closes_on=date(2027, 1, 20),
        given=GivenDays(announce_on=date(2027, 1, 17), collecting_from=date(2026, 12, 22)),
    )
    said = [remark.msgid % remark.values for remark in days_remarks(days)]
    assert said[0] == "（未含 2027 年节假日安排，以街道核定为准）"
    assert any("征集" in sentence for sentence in said)
    assert any("只公告 1 天" in sentence for sentence in said)
    assert any("只有 0 个休息日" in sentence for sentence in said)
    entered = WorkDays({}, frozenset({2027}))
    assert _planned(date(2027, 1, 18), work=entered).doubtful_years == ()
