"""Officers at the same moment; each race has a twin without the guard, which must see the fault."""

import secrets
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from tests.concurrency.at_once import together, without
from tests.factories.ballots import NOW
from tests.factories.keying import decide, key, key_twice, make_boxes
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot, slot_of
from voting.ballots.service import drop_into_urn
from voting.paper.models import PaperBallot, PaperDecision, PaperKeying, PaperVoid
from voting.paper.rules.keying import Keyed
from voting.paper.service import adjudicating, correcting, keying
from voting.paper.service.correcting import (
    CorrectionSettled,
    ask_correction,
    confirm_correction,
)
from voting.paper.service.entering import SettledMeanwhile
from voting.paper.service.keying import OnTable, PaperDisputed, PaperSettled

pytestmark = pytest.mark.usefixtures("any_database")
TIMES = 20
TWINS = 5


@pytest.fixture
def boxes(database, keys):
    with database.transaction() as session:
        return make_boxes(session, keys, papers=1, officers=TIMES + 1)


def count(database, kind):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind))


def enter_unguarded(session, *, paper, serial, generation, ticks, void=None):
    """Settle a paper as a program does that has looked before and trusts its look."""
    slot = slot_of(secrets.token_bytes(16))
    mine = update(PaperBallot).where(PaperBallot.serial == serial)
    session.execute(mine.values(state="entered", slot=slot, reason=None))
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot("paper", tuple(sorted(ticks))))


# --- the second turn ---


@pytest.fixture
def keyed_once(database, keys, boxes):
    with database.transaction() as session:
        key(session, keys, boxes, 0, boxes.serials[0], "1 5")
    return boxes


def second_turns(database, keys, boxes, times):
    def act(who):
        with database.transaction() as session:
            key(session, keys, boxes, who, boxes.serials[0], "1 5")

    return together([lambda who=who: act(who) for who in range(1, times + 1)])


def test_of_many_second_keyers_one_settles_the_paper(database, keys, keyed_once):
    ended = Counter(second_turns(database, keys, keyed_once, TIMES))
    assert ended.pop(None) == 1
    assert set(ended) <= {PaperSettled, PaperDisputed, SettledMeanwhile}
    assert (count(database, UrnEntry), count(database, PaperKeying)) == (1, 2)


def test_the_race_of_second_keyers_is_seen_without_keys_and_states(
    database, keys, keyed_once, monkeypatch
):
    table = OnTable(keyed_once.round.id, keyed_once.serials[0], 1)
    monkeypatch.setattr(keying, "find_paper", lambda *_: table)  # it looked before
    monkeypatch.setattr(keying, "take_out_of_box", lambda _session, paper: paper)
    monkeypatch.setattr(keying, "_take_turn", lambda *_: 2)
    monkeypatch.setattr(keying, "open_keying", lambda *_: Keyed(frozenset({1, 5})))
    monkeypatch.setattr(keying, "enter_paper", enter_unguarded)
    with without(database, "paper_ballot_taken_back"):
        second_turns(database, keys, keyed_once, TWINS)
    assert count(database, UrnEntry) > 1


def test_of_many_who_begin_a_paper_two_key_it(database, keys, boxes):
    ended = Counter(second_turns(database, keys, boxes, TIMES))
    assert ended[None] == 2
    assert (count(database, UrnEntry), count(database, PaperKeying)) == (1, 2)


# --- the decision ---


@pytest.fixture
def disputed(database, keys, boxes):
    with database.transaction() as session:
        key_twice(session, keys, boxes, boxes.serials[0], "1", "2")
    return boxes


def decisions(database, keys, boxes, times):
    def act(who):
        with database.transaction() as session:
            decide(session, keys, boxes, boxes.serials[0], who=who, marks={1: True, 2: False})

    return together([lambda who=who: act(who) for who in range(2, times + 2)])


def test_of_many_decisions_one_stands(database, keys, disputed):
    ended = decisions(database, keys, disputed, TIMES - 1)
    assert ended.count(None) == 1
    assert (count(database, UrnEntry), count(database, PaperDecision)) == (1, 1)


def test_the_race_of_decisions_is_seen_without_the_state(database, keys, disputed, monkeypatch):
    with database.reading() as session:
        case = adjudicating.open_case(
            session, actor=disputed.actors[2], keys=keys, round_id=disputed.round.id,
            serial=disputed.serials[0],
        )  # fmt: skip
    monkeypatch.setattr(adjudicating, "open_case", lambda *_a, **_k: case)
    monkeypatch.setattr(adjudicating, "enter_paper", enter_unguarded)
    monkeypatch.setattr(adjudicating, "_store", lambda *_a, **_k: None)
    with without(database, "paper_ballot_taken_back"):
        decisions(database, keys, disputed, TWINS)
    assert count(database, UrnEntry) > 1


# --- the correction ---


@pytest.fixture
def asked(database, keys, boxes):
    with database.transaction() as session:
        key_twice(session, keys, boxes, boxes.serials[0], "1")
        void = ask_correction(
            session, now=NOW, actor=boxes.actors[0], round_id=boxes.round.id,
            serial=boxes.serials[0], reason="录串了行",
        )  # fmt: skip
        return boxes, void.id


def confirmations(database, asked, times):
    boxes, void_id = asked

    def act(who):
        with database.transaction() as session:
            confirm_correction(
                session, now=NOW, actor=boxes.actors[who], round_id=boxes.round.id, void_id=void_id
            )

    return together([lambda who=who: act(who) for who in range(1, times + 1)])


def generation(database):
    with database.reading() as session:
        return session.scalars(select(PaperBallot.generation)).one()


def test_of_many_confirmations_one_takes_the_paper_back(database, asked):
    ended = confirmations(database, asked, TIMES)
    assert ended.count(None) == 1
    assert set(ended) == {None, CorrectionSettled}
    assert generation(database) == 2


def test_the_race_of_confirmations_is_seen_without_their_conditions(database, asked, monkeypatch):
    def confirm(_round_id, void_id, actor, now):
        return update(PaperVoid).where(PaperVoid.id == void_id).values(
            second_by=actor.id, second_at=now
        )  # fmt: skip

    def take_back(session, _void, **_how):
        session.execute(
            update(PaperBallot).values(
                state="returned", slot=None, generation=PaperBallot.generation + 1
            )
        )

    monkeypatch.setattr(correcting, "confirmation", confirm)
    monkeypatch.setattr(correcting, "_take_back", take_back)
    with without(database, "paper_void_confirmed"):
        confirmations(database, asked, TWINS)
    assert generation(database) > 2
