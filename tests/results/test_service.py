import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.factories.accounts import make_officer
from tests.factories.areas import make_area
from tests.factories.ballots import NOW, keyring
from tests.factories.tally import make_closed_round, make_reviewed_round
from voting.calendar.models import Holiday
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.notices.models import Notice
from voting.notices.rules import read_facts
from voting.notices.service import NumberTaken
from voting.permissions import Role
from voting.results.models import Result
from voting.results.rules import Publicity, ResultFacts
from voting.results.service import (
    AlreadyDeclared,
    NotInReview,
    Printed,
    ResultChanged,
    declare,
    digest_of,
    facts_of,
    find_result,
    prepare,
    publicity_of,
)
from voting.rounds.models import Round
from voting.tally.service import NotCountedYet, TallyDiffers


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def reviewed(session, keys, any_database):
    return make_reviewed_round(session, keys)


def street(session, round):
    return make_officer(session, area=round.area, role=Role.STREET_OFFICER).actor


def printed(session, round, *, now=NOW, number="2026-0001", **changes):
    facts = facts_of(session, round.id)
    given = {
        "number": number, "title": "公示", "facts": "{}", "pdf_digest": "0" * 64,
        "result_digest": digest_of(facts),
        "publicity": publicity_of(session, facts, posted=now.date()),
    }  # fmt: skip
    return Printed(**(given | changes))


def fix(session, round, *, now=NOW, **changes):
    return declare(
        session, now=now, actor=street(session, round), round_id=round.id,
        printed=printed(session, round, now=now, **changes),
    )  # fmt: skip


def test_the_figures_come_from_every_stage(session, reviewed):
    facts = facts_of(session, reviewed.id)
    assert (facts.roll, facts.marked) == (8, 5)
    assert (facts.ballots, facts.valid, facts.blank, facts.invalid) == (5, 5, 0, 0)
    assert [(line.number, line.votes) for line in facts.funded][:2] == [(1, 4), (2, 3)]
    assert [line.number for line in facts.unfunded] == [6]
    assert facts.spent == sum(line.cost for line in facts.funded)
    assert facts.channels == {"card": 5}
    assert facts.closes_at == reviewed.closing
    assert (facts.proposals, facts.merged) == (0, 6)


def test_facts_are_stored_as_they_are_read(session, reviewed):
    stored = prepare(session, now=NOW, round_id=reviewed.id)
    assert read_facts(ResultFacts, stored.facts) == facts_of(session, reviewed.id)
    assert stored.digest == digest_of(facts_of(session, reviewed.id))


def test_preparing_again_replaces_what_is_not_declared(session, reviewed):
    prepare(session, now=NOW, round_id=reviewed.id)
    later = NOW + timedelta(hours=1)
    assert prepare(session, now=later, round_id=reviewed.id).prepared_at == later
    assert session.scalar(select(func.count()).select_from(Result)) == 1


def test_a_declared_result_has_its_notice_and_its_days(session, reviewed):
    notice = fix(session, reviewed)
    result = find_result(session, reviewed.id)
    assert result is not None
    assert (notice.number, notice.kind) == ("2026-0001", "result")
    # Declared and posted on Monday, 2026-11-23: practice.md §1.5.
    assert (result.publicity_from, result.publicity_to) == (date(2026, 11, 24), date(2026, 11, 30))
    assert (notice.publicity_from, notice.publicity_to) == (
        result.publicity_from,
        result.publicity_to,
    )
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)).all()
    assert acts[-2:] == ["result.declare", "notice.issue"]


def test_the_day_of_posting_may_count(session, keys):
    round = make_reviewed_round(session, keys)
    session.execute(text("DROP TRIGGER round_frozen"))
    round.posting_day_counts = True
    session.flush()
    facts = facts_of(session, round.id)
    days = publicity_of(session, facts, posted=date(2026, 11, 23))
    assert days == Publicity(date(2026, 11, 23), date(2026, 11, 27))


def test_a_holiday_the_street_entered_moves_the_last_day(session, keys):
    round = make_reviewed_round(session, keys)
    session.add(Holiday(day=date(2026, 11, 26), works=False, name="其他"))
    days = publicity_of(session, facts_of(session, round.id), posted=date(2026, 11, 23))
    assert days.last == date(2026, 12, 1)


def test_years_without_holidays_are_named(session, keys):
    round = make_reviewed_round(session, keys)
    days = publicity_of(session, facts_of(session, round.id), posted=date(2030, 12, 30))
    assert days.doubtful_years == (2030, 2031)


def test_a_declared_result_stands_in_the_database(session, reviewed):
    fix(session, reviewed)
    with pytest.raises(DatabaseError, match="a declared result stays as declared"):
        session.execute(update(Result).values(facts="{}"))


def test_what_was_declared_is_shown_whatever_happens_to_its_sources(session, reviewed):
    before = facts_of(session, reviewed.id)
    fix(session, reviewed)
    session.execute(text("UPDATE tally SET ballots = 99"))
    assert facts_of(session, reviewed.id) == before


def test_a_result_is_declared_once(session, reviewed):
    fix(session, reviewed)
    with pytest.raises(AlreadyDeclared):
        fix(session, reviewed, number="2026-0002")
    with pytest.raises(AlreadyDeclared):
        prepare(session, now=NOW, round_id=reviewed.id)
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


@pytest.mark.parametrize("phase", ["counting", "voting", "publicity", "paused", "terminated"])
def test_only_a_result_under_review_is_declared(session, keys, phase):
    round = make_reviewed_round(session, keys)
    given = printed(session, round)
    round.phase = phase
    round.phase_before_pause = "result_review" if phase == "paused" else None
    session.flush()
    with pytest.raises(NotInReview):
        declare(session, now=NOW, actor=street(session, round), round_id=round.id, printed=given)


def test_a_round_of_another_area_is_not_found(session, reviewed):
    stranger = make_officer(session, area=make_area(session), role=Role.STREET_OFFICER).actor
    with pytest.raises(NotFound):
        declare(
            session, now=NOW, actor=stranger, round_id=reviewed.id,
            printed=printed(session, reviewed),
        )  # fmt: skip


def test_without_a_count_there_are_no_figures(session, keys):
    round = make_closed_round(session, keys)
    with pytest.raises(NotCountedYet):
        facts_of(session, round.id)


def test_a_count_that_was_touched_is_not_declared(session, keys):
    round = make_reviewed_round(session, keys)
    given = printed(session, round)
    session.execute(text("UPDATE opened_ballot SET number = 9 WHERE ballot = '{\"choices\":[1]}'"))
    with pytest.raises(TallyDiffers):
        declare(session, now=NOW, actor=street(session, round), round_id=round.id, printed=given)


@pytest.mark.parametrize(
    "changes",
    [
        {"result_digest": b"other"},
        {"publicity": Publicity(date(2026, 11, 23), date(2026, 11, 29))},
    ],
)
def test_a_paper_that_says_something_else_is_not_issued(session, reviewed, changes):
    with pytest.raises(ResultChanged):
        fix(session, reviewed, **changes)
    result = find_result(session, reviewed.id)
    assert result is None or result.declared_at is None


def test_a_paper_with_a_number_that_is_taken_fixes_nothing(database, keys, any_database):
    with database.transaction() as session:
        round_id = make_reviewed_round(session, keys).id
    with pytest.raises(NumberTaken), database.transaction() as session:
        fix(session, session.get_one(Round, round_id), number="2026-0007")
    with database.reading() as session:
        assert session.get(Result, round_id) is None


def test_of_many_who_declare_at_once_one_does(database, keys, any_database):
    with database.transaction() as session:
        round = make_reviewed_round(session, keys)
        actor, round_id, given = street(session, round), round.id, printed(session, round)
    start = threading.Barrier(6)

    def press(_number):
        start.wait()
        try:
            with database.transaction() as session:
                declare(session, now=NOW, actor=actor, round_id=round_id, printed=given)
        except AlreadyDeclared:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(press, range(6))) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 1
