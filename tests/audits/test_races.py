"""Officers at the same moment; each race has a twin without the guard, which must see the fault."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.concurrency.at_once import together, without
from tests.factories.audits import (
    CLOSED,
    call_facts,
    make_marked_round,
    make_tested_round,
    make_watched_round,
    vote,
    write_all,
)
from tests.factories.ballots import NOW
from tests.factories.tally import make_openers
from voting.audits.models import CallBack, CallDraw
from voting.audits.service import (
    AlreadyDrawn,
    AlreadyRevealed,
    DrawnMeanwhile,
    UrnOpened,
    calling,
    draw_by_hand,
    draw_calls,
    reveal,
    revealed_slots,
    revealing,
)
from voting.cards.models import BallotCard, DrawnCard
from voting.journal.rules import COMMAND_LINE
from voting.rounds.models import Round
from voting.tally.service import approve_opening, opening

TIMES = 20
TWINS = 5


# --- one draw of people a round ---


@pytest.fixture
def marked(database, keys, any_database):
    with database.transaction() as session:
        round, monitor = make_marked_round(session, keys, marked=6)
        return call_facts(round, monitor, count=3)


def calls_at_once(database, facts, times):
    def act(number):
        with database.transaction() as session:
            draw_calls(session, **{**facts, "public_number": f"{number:06d}"})

    return together([lambda number=number: act(number) for number in range(times)])


def test_of_many_draws_at_once_one_stands(database, marked):
    ended = calls_at_once(database, marked, TIMES)
    assert ended.count(None) == 1
    assert set(ended) == {None, AlreadyDrawn}
    with database.reading() as session:
        draw = session.scalars(select(CallDraw)).one()
        assert session.scalar(select(func.count()).select_from(CallBack)) == draw.drawn


def test_the_race_of_draws_is_seen_without_the_primary_key(database, marked, monkeypatch):
    stored = []  # everybody looked before anybody wrote
    monkeypatch.setattr(calling, "_store", lambda _session, facts, _chosen: stored.append(facts))
    monkeypatch.setattr(calling, "get_calls", lambda _session, _id: CallDraw(drawn=3, marked=6))
    calls_at_once(database, marked, TWINS)
    assert len(stored) > 1


# --- one card, several draws, and its holder ---


@pytest.fixture
def watched(database, keys, any_database):
    with database.transaction() as session:
        round, monitor = make_watched_round(session, keys, cards=1)
        card = session.scalars(select(BallotCard.cred_hash)).one()
        return round.id, monitor.id, card


def hand(database, watched):
    round_id, monitor_id, _card = watched
    with database.transaction() as session:
        draw_by_hand(
            session, now=NOW, actor=COMMAND_LINE, round_id=round_id, monitor_id=monitor_id,
            serials="01-0001-1",
        )  # fmt: skip


def test_one_card_is_drawn_once(database, watched):
    ended = together([lambda: hand(database, watched)] * TIMES)
    assert ended.count(None) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DrawnCard)) == 1


def test_a_card_that_is_being_used_is_drawn_before_or_not_at_all(database, watched):
    round_id, _monitor, card = watched

    def use():
        with database.transaction() as session:
            vote(session, session.get_one(Round, round_id), card, (1,))

    ended = together([use, lambda: hand(database, watched)])
    with database.reading() as session:
        drawn = session.scalar(select(func.count()).select_from(DrawnCard))
        state = session.scalars(select(BallotCard.state)).one()
    assert state == "spent"
    assert drawn == (1 if ended[1] is None else 0)


def test_a_card_used_between_look_and_draw_is_refused_and_without_the_guard_is_not(
    database, watched, monkeypatch
):
    from voting.audits.service import drawing

    round_id, _monitor, card = watched
    with database.transaction() as session:
        vote(session, session.get_one(Round, round_id), card, (1,))
    monkeypatch.setattr(drawing, "_unfit", lambda _session, _card: "")  # it looked before the vote
    assert together([lambda: hand(database, watched)]) == [DrawnMeanwhile]
    with without(database, "test_card_unused"):
        assert together([lambda: hand(database, watched)]) == [None]


# --- the reveal and the second officer ---


@pytest.fixture
def tested(database, keys, any_database):
    with database.transaction() as session:
        made = make_tested_round(session, keys)
        write_all(session, made)
        first, second, *_ = make_openers(session, made.round.area)
        approve_opening(session, now=CLOSED, officer_id=first.id, round_id=made.round.id)
        return made.round.id, made.monitor.id, second.id


def show(database, tested):
    round_id, monitor_id, _second = tested
    with database.transaction() as session:
        reveal(session, now=CLOSED, actor=COMMAND_LINE, round_id=round_id, monitor_id=monitor_id)


def confirm(database, tested, seen):
    """Confirm the opening and look, in the next transaction, what the count would take out."""
    round_id, _monitor, second = tested
    with database.transaction() as session:
        approve_opening(session, now=CLOSED, officer_id=second, round_id=round_id)
    with database.reading() as session:
        seen.append(revealed_slots(session, round_id))


def stands(database, tested):
    with database.reading() as session:
        return revealed_slots(session, tested[0])


def test_what_is_revealed_when_the_urn_opens_is_all_there_will_be(database, tested):
    seen: list[frozenset[bytes]] = []
    ended = together(
        [lambda: show(database, tested)] * TIMES + [lambda: confirm(database, tested, seen)]
    )
    assert ended[-1] is None
    assert set(ended[:-1]) <= {None, AlreadyRevealed, UrnOpened}
    assert ended[:-1].count(None) <= 1
    assert stands(database, tested) == seen[0]


def late(database, tested, monkeypatch):
    """Reveal by somebody who looked while the urn was closed and acts when it is open."""
    seen: list[frozenset[bytes]] = []
    looked, opened = threading.Event(), threading.Event()
    really = revealing._require_revealing

    def slowly(*args, **kwargs):
        found = really(*args, **kwargs)
        looked.set()
        # With the guard the other one waits for this transaction; without it the urn opens meanwhile.
        opened.wait(1)
        return found

    monkeypatch.setattr(revealing, "_require_revealing", slowly)
    with ThreadPoolExecutor(2) as pool:
        shown = pool.submit(show, database, tested)
        looked.wait()
        confirmed = pool.submit(confirm, database, tested, seen)
        confirmed.add_done_callback(lambda _done: opened.set())
        shown.result()
        confirmed.result()
    return seen[0] == stands(database, tested)


def test_a_reveal_that_looked_in_time_is_seen_by_the_count(database, tested, monkeypatch):
    assert late(database, tested, monkeypatch)


def test_without_the_held_round_and_the_trigger_a_reveal_comes_too_late(
    database, tested, monkeypatch, any_database
):
    if any_database == "sqlite":
        # One writer at a time: what SQLite itself guards is taken away by looking in an earlier transaction.
        with database.transaction() as session:
            round = session.get_one(Round, tested[0])
            monkeypatch.setattr(revealing, "_require_revealing", lambda *_a, **_k: round)
        seen: list[frozenset[bytes]] = []
        confirm(database, tested, seen)
        with pytest.raises(UrnOpened):
            show(database, tested)
        with without(database, "test_reveal_in_time"):
            show(database, tested)
        assert stands(database, tested) != seen[0]
        return
    for module in (revealing, opening):
        monkeypatch.setattr(module, "hold_round", lambda session, id: session.get_one(Round, id))
    with without(database, "test_reveal_in_time"):
        assert not late(database, tested, monkeypatch)
