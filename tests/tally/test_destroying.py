"""The end of a key: two officers, from the confirmation on, and what is left."""

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.factories.accounts import make_officer
from tests.factories.areas import NOW
from tests.factories.tally import make_counted_round
from voting.ballots.models import UrnEntry
from voting.ballots.rules import receipt_code
from voting.clock import local_day
from voting.custody.models import KeyDestruction
from voting.custody.service import (
    AgreedByOther,
    AlreadyDestroyed,
    DestroyedInFuture,
    NotConfirmedYet,
    SameDestroyer,
    Witnessed,
    agree_to_destroy,
    find_destruction,
)
from voting.journal.models import JournalEntry
from voting.ledger.models import LedgerEntry
from voting.tally.service import (
    KeyDestroyed,
    OpeningsStore,
    destroy,
    verify,
)


@pytest.fixture
def confirmed(session, keys, tmp_path):
    """A counted and confirmed round, its kept openings, and two officers."""
    round = make_counted_round(session, keys)
    store = OpeningsStore(tmp_path / "openings", keys)
    round.phase = "confirmed"
    first, second = (make_officer(session, area=round.area).actor for _ in range(2))
    session.flush()
    return round, store, first, second


def _agree(session, actor, round_id, *, day=None, present="监票人甲、乙"):
    witnessed = Witnessed(day or local_day(NOW), present)
    return agree_to_destroy(session, now=NOW, actor=actor, round_id=round_id, witnessed=witnessed)


def _destroy(session, keys, actor, round_id):
    return destroy(session, now=NOW, actor=actor, keys=keys, round_id=round_id)


def _urn(session, round_id):
    session.expire_all()
    return session.scalars(select(UrnEntry).where(UrnEntry.round_id == round_id)).all()


def test_a_destroyed_key_leaves_receipts_and_leaves_and_no_ciphertext(
    any_database, session, keys, confirmed
):
    round, store, first, second = confirmed
    before = {(one.slot, one.leaf) for one in _urn(session, round.id)}
    _agree(session, first, round.id)
    _destroy(session, keys, second, round.id)
    after = _urn(session, round.id)
    assert {(one.slot, one.leaf) for one in after} == before
    assert {one.sealed for one in after} == {b""}
    assert all(len(receipt_code(one.slot)) == 16 for one in after)
    last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.idx.desc()).limit(1)).one()
    assert json.loads(last.body)["kind"] == "destroyed"
    assert json.loads(last.body)["way"] == "server"
    with pytest.raises(KeyDestroyed, match="不能再从票箱重新计票"):
        verify(lambda: nullcontext(session), keys=keys, round_id=round.id, openings=store)
    acts = session.scalars(select(JournalEntry.act)).all()
    assert acts.count("custody.destroy") == 2


def test_two_different_officers_are_needed_and_the_first_may_put_it_right(session, keys, confirmed):
    round, _, first, second = confirmed
    _agree(session, first, round.id)
    with pytest.raises(AgreedByOther):
        _agree(session, second, round.id)
    _agree(session, first, round.id, present="监票人甲、丙")
    found = find_destruction(session, round.id)
    assert found is not None
    assert found.present == "监票人甲、丙"
    with pytest.raises(SameDestroyer):
        _destroy(session, keys, first, round.id)
    _destroy(session, keys, second, round.id)
    for again in (first, second):
        with pytest.raises(AlreadyDestroyed):
            _destroy(session, keys, again, round.id)
        with pytest.raises(AlreadyDestroyed):
            _agree(session, again, round.id)


@pytest.mark.parametrize("phase", ["counting", "publicity", "objection", "vote_void"])
def test_before_the_confirmation_nothing_is_destroyed(session, keys, confirmed, phase):
    round, _, first, second = confirmed
    _agree(session, first, round.id)
    round.phase = phase
    session.flush()
    for act in (
        lambda: _agree(session, first, round.id),
        lambda: _destroy(session, keys, second, round.id),
    ):
        with pytest.raises(NotConfirmedYet):
            act()
    change = update(KeyDestruction).values(second_officer=second.id, second_at=NOW)
    with pytest.raises(Exception, match="the result is not confirmed yet"):
        session.execute(change)


@pytest.mark.parametrize("phase", ["implementing", "archived"])
def test_from_the_confirmation_on_a_key_may_go(session, keys, confirmed, phase):
    round, _, first, second = confirmed
    round.phase = phase
    _agree(session, first, round.id)
    _destroy(session, keys, second, round.id)


def test_a_day_to_come_is_refused(session, confirmed):
    round, _, first, _ = confirmed
    with pytest.raises(DestroyedInFuture):
        _agree(session, first, round.id, day=local_day(NOW) + timedelta(days=1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE urn SET sealed = :empty",
        "UPDATE urn SET sealed = sealed",
        "UPDATE urn SET leaf = :empty",
    ],
)
def test_the_database_keeps_ciphertexts_until_then(session, confirmed, statement):
    with pytest.raises(Exception, match="a sealed ballot never changes"):
        session.execute(text(statement), {"empty": b""} if ":empty" in statement else {})


def test_after_it_they_may_be_emptied_and_nothing_else(any_database, session, keys, confirmed):
    round, _, first, second = confirmed
    _agree(session, first, round.id)
    _destroy(session, keys, second, round.id)
    with pytest.raises(Exception, match="a sealed ballot never changes"):
        session.execute(text("UPDATE urn SET sealed = :other"), {"other": b"x"})


def test_what_was_destroyed_stays_destroyed(any_database, session, keys, confirmed):
    round, _, first, second = confirmed
    _agree(session, first, round.id)
    _destroy(session, keys, second, round.id)
    with pytest.raises(Exception, match="a destroyed key stays destroyed"):
        session.execute(text("DELETE FROM key_destruction"))
