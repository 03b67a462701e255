from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from voting.calendar.rules import FESTIVALS
from voting.calendar.service import (
    DayAlreadyEntered,
    EndsBeforeStart,
    PeriodTooLong,
    add_holidays,
    entered_years,
    holidays_of,
    is_working_day,
    remove_holiday,
    working_day_after,
)
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE


def _add(session, first, last=None, *, works=False, name="其他"):
    return add_holidays(
        session,
        now=NOW,
        actor=COMMAND_LINE,
        first=first,
        last=last or first,
        works=works,
        name=name,
    )


def test_the_publicity_of_the_notice_ends_a_week_later(session):
    found = working_day_after(session, date(2026, 11, 23), 5)
    assert found.last_day == date(2026, 11, 30)
    assert found.doubtful_years == ()


def test_a_day_off_in_the_table_moves_the_end(session):
    _add(session, date(2026, 11, 26))
    assert working_day_after(session, date(2026, 11, 23), 5).last_day == date(2026, 12, 1)
    assert not is_working_day(session, date(2026, 11, 26))


def test_a_worked_sunday_in_the_table_brings_the_end_nearer(session):
    _add(session, date(2026, 11, 29), works=True)
    assert working_day_after(session, date(2026, 11, 23), 5).last_day == date(2026, 11, 29)


def test_the_custom_of_counting_the_first_day_is_passed_on(session):
    found = working_day_after(session, date(2026, 11, 23), 5, counts_first=True)
    assert found.last_day == date(2026, 11, 27)


def test_a_year_is_entered_once_every_festival_has_a_day(session):
    for month, name in enumerate(FESTIVALS, start=1):
        assert entered_years(session, [2027]) == frozenset()
        _add(session, date(2027, month, 4), name=name)
    assert entered_years(session, [2026, 2027]) == {2027}
    assert working_day_after(session, date(2026, 12, 30), 5).doubtful_years == ()


def test_a_worked_day_named_after_a_festival_does_not_make_the_year_known(session):
    for month, name in enumerate(FESTIVALS, start=1):
        _add(session, date(2027, month, 3), name=name, works=name == "元旦")
    assert entered_years(session, [2027]) == frozenset()


def test_a_week_off_is_entered_in_one_go_and_written_down(session):
    _add(session, date(2027, 2, 5), date(2027, 2, 11), name="春节")
    assert [one.day.day for one in holidays_of(session, 2027)] == [5, 6, 7, 8, 9, 10, 11]
    entry = session.scalars(select(JournalEntry)).one()
    assert entry.act == "calendar.add_holidays"
    assert '"last":"2027-02-11"' in entry.details


def test_a_day_is_entered_once_and_the_rest_of_its_period_is_not_kept(database):
    with database.transaction() as session:
        _add(session, date(2027, 2, 7))
    with pytest.raises(DayAlreadyEntered, match="2027年2月7日"), database.transaction() as session:
        _add(session, date(2027, 2, 5), date(2027, 2, 11))
    with database.reading() as session:
        assert [one.day.day for one in holidays_of(session, 2027)] == [7]


def test_a_period_that_ends_before_it_starts_is_refused(session):
    with pytest.raises(EndsBeforeStart):
        _add(session, date(2027, 2, 5), date(2027, 2, 4))


def test_a_period_of_more_than_a_month_is_refused(session):
    with pytest.raises(PeriodTooLong):
        _add(session, date(2027, 1, 1), date(2027, 2, 1))
    assert len(_add(session, date(2027, 1, 1), date(2027, 1, 31))) == 31


def test_a_day_taken_off_the_table_is_as_the_library_says(session):
    _add(session, date(2026, 11, 26))
    remove_holiday(session, now=NOW, actor=COMMAND_LINE, day=date(2026, 11, 26))
    session.flush()
    assert is_working_day(session, date(2026, 11, 26))
    with pytest.raises(NotFound):
        remove_holiday(session, now=NOW, actor=COMMAND_LINE, day=date(2026, 11, 26))
