import json
from contextlib import nullcontext

import pytest
from sqlalchemy import select, text

from tests.factories.ballots import NOW
from tests.factories.tally import (
    fill,
    make_closed_round,
    make_counted_round,
    make_real_round,
    open_by_two,
)
from voting.rounds.models import PhaseChange
from voting.tally.service import (
    NotCountedYet,
    TallyDiffers,
    checked_count,
    count,
    get_tally,
    order_count,
    verify,
)


def counting(session, keys, round, *, now=NOW):
    return count(session, now=now, keys=keys, round_id=round.id)


def same(session):
    """Give ``session`` to a step that opens its own."""
    return lambda: nullcontext(session)


def test_a_recount_gives_what_is_stored(session, keys, any_database):
    round = make_counted_round(session, keys)
    assert verify(same(session), keys=keys, round_id=round.id) == 5


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE tally SET ballots = 6", "选票数"),
        ("UPDATE tally SET invalid = 1", "无效票数"),
        (
            'UPDATE tally SET outcome = replace(outcome, \'"votes":{"1":4\', \'"votes":{"1":5\')',
            "votes",
        ),
        ("UPDATE opened_ballot SET number = 2 WHERE ballot = '{\"choices\":[1]}'", '"choices":[1]'),
        ("DELETE FROM opened_ballot WHERE ballot = '{\"choices\":[2,4]}'", '"choices":[2,4]'),
    ],
)
def test_a_recount_names_the_first_difference(session, keys, any_database, change, named):
    round = make_counted_round(session, keys)
    session.connection().exec_driver_sql(change)
    session.expire_all()
    with pytest.raises(TallyDiffers) as differs:
        verify(same(session), keys=keys, round_id=round.id)
    assert named in str(differs.value)


def test_what_was_counted_is_checked_again_before_it_is_used(session, keys):
    round = make_counted_round(session, keys)
    assert checked_count(session, round.id).ballots == 5
    session.execute(text("UPDATE opened_ballot SET number = 9 WHERE ballot = '{\"choices\":[1]}'"))
    with pytest.raises(TallyDiffers):
        checked_count(session, round.id)


def test_what_is_not_counted_cannot_be_verified(session, keys):
    round = make_closed_round(session, keys)
    with pytest.raises(NotCountedYet):
        verify(same(session), keys=keys, round_id=round.id)
    with pytest.raises(NotCountedYet):
        get_tally(session, round.id)


# Jobs


def test_a_long_count_is_ordered_once(session, keys):
    round = make_closed_round(session, keys)
    officer = open_by_two(session, round)[0]

    def order(*, served=True):
        return order_count(session, now=NOW, actor=officer.actor, round_id=round.id, served=served)

    job = order()
    assert job.total == 5
    assert order().id == job.id
    job.state = "running"
    session.flush()
    assert order().id == job.id
    assert order(served=False).id != job.id
    session.refresh(job)
    assert job.state == "failed"


def test_the_round_keeps_the_story_of_its_closing(session, keys):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    steps = session.execute(select(PhaseChange.after, PhaseChange.by)).all()
    assert [tuple(step) for step in steps] == [("counting", "clock")]


def test_a_real_list_spends_what_the_money_allows(session, keys):
    round = make_real_round(session, keys)
    fill(session, round.id, [(1, 2, 3, 4)] * 3 + [(4, 5, 6, 7)] * 2 + [(8, 9, 10, 11)])
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert float(facts["spent"]) <= 300_000
    assert {project["reason"] for project in facts["projects"]} == {
        "funded", "does_not_fit", "no_votes",
    }  # fmt: skip
