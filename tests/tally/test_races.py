"""Two officers at the same moment; each race has a twin without the guard, which must see the fault."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from tests.factories.ballots import NOW, keyring
from tests.factories.tally import fill, make_closed_round, make_openers
from voting.errors import Refusal
from voting.rounds.models import Round
from voting.tally.models import Tally, UrnOpening
from voting.tally.service import (
    AlreadyOpened,
    SameOfficer,
    approve_opening,
    count,
    opening,
    urn_size,
)

TOGETHER = 8


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def arranged(database, keys, any_database):
    with database.transaction() as session:
        round = make_closed_round(session, keys)
        officers = make_openers(session, round.area, 3)
        return round.id, [officer.id for officer in officers]


def together(database, round_id, officers):
    """Let all of them press at once; return how each press ended."""
    start = threading.Barrier(len(officers))

    def press(officer_id):
        start.wait()
        try:
            with database.transaction() as session:
                approve_opening(session, now=NOW, officer_id=officer_id, round_id=round_id)
        except Refusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(officers)) as pool:
        return list(pool.map(press, officers))


def opened_by(database, round_id):
    with database.reading() as session:
        row = session.get_one(UrnOpening, round_id)
        return row.first_officer, row.second_officer


def test_one_officer_pressing_many_times_at_once_stays_one(database, arranged):
    round_id, (first, *_others) = arranged
    ended = together(database, round_id, [first] * TOGETHER)
    assert ended.count(None) == 1
    assert set(ended) == {None, SameOfficer}
    assert opened_by(database, round_id) == (first, None)


def test_of_many_seconds_at_once_one_confirms(database, arranged):
    round_id, (first, *seconds) = arranged
    together(database, round_id, [first])
    ended = together(database, round_id, seconds * (TOGETHER // 2))
    assert ended.count(None) == 1
    assert set(ended) == {None, AlreadyOpened}
    assert opened_by(database, round_id)[1] in seconds


def test_all_at_once_are_exactly_two_different_officers(database, arranged):
    round_id, officers = arranged
    ended = together(database, round_id, officers * 3)
    assert ended.count(None) == 2
    pair = opened_by(database, round_id)
    assert None not in pair
    assert pair[0] != pair[1]


def unguarded(round_id, officer_id, now):
    return (
        update(UrnOpening)
        .where(UrnOpening.round_id == round_id)
        .values(second_officer=officer_id, second_at=now)
        .execution_options(synchronize_session=False)
    )


def test_the_race_is_seen_when_the_guard_is_removed(database, arranged, monkeypatch):
    round_id, (first, *seconds) = arranged
    together(database, round_id, [first])
    monkeypatch.setattr(opening, "confirmation", unguarded)
    looked = SimpleNamespace(second_officer=None)  # everybody looked before anybody confirmed
    monkeypatch.setattr(opening, "find_opening", lambda _session, _round_id: looked)
    assert together(database, round_id, seconds * (TOGETHER // 2)).count(None) > 1


def test_counts_at_once_store_one_tally(database, keys, arranged):
    round_id, officers = arranged
    for officer in officers[:2]:
        together(database, round_id, [officer])
    start = threading.Barrier(4)

    def run(_number):
        start.wait()
        with database.transaction() as session:
            return count(session, now=NOW, keys=keys, round_id=round_id).outcome

    with ThreadPoolExecutor(4) as pool:
        outcomes = set(pool.map(run, range(4)))
    assert len(outcomes) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Tally)) == 1


def test_a_round_is_not_counted_while_a_ballot_is_on_its_way(database, keys, any_database):
    # The clock says closed, the row does not yet; the opening waits for whoever still holds the row.
    with database.transaction() as session:
        round = make_closed_round(session, keys)
        officer_id = make_openers(session, round.area, 1)[0].id
        round_id = round.id
    entered = threading.Event()

    def last_ballot():
        with database.transaction() as session:
            session.execute(
                select(Round.phase).where(Round.id == round_id).with_for_update(read=True)
            )
            entered.set()
            threading.Event().wait(0.3)
            fill(session, round_id, [(1,)])

    thread = threading.Thread(target=last_ballot)
    thread.start()
    entered.wait()
    with database.transaction() as session:
        approve_opening(
            session, now=NOW + timedelta(hours=1), officer_id=officer_id, round_id=round_id
        )
    thread.join()
    with database.reading() as session:
        assert urn_size(session, round_id) == 6
