import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.factories.ballots import NOW, make_cards, make_open_round
from tests.factories.roll import make_elector
from tests.factories.tally import fill, make_closed_round, open_by_two
from voting.adapters.signing import is_signed
from voting.ballots.models import UrnEntry
from voting.clock import moment_text
from voting.journal.rules import Actor
from voting.ledger.models import Checkpoint, LedgerEntry
from voting.ledger.rules.notes import read_note
from voting.ledger.rules.tree import leaf_hash, root_of
from voting.ledger.service import (
    LedgerDamaged,
    LedgerKeyMissing,
    NotFrozenYet,
    due_rounds,
    find_head,
    get_ledger,
    make_checkpoint,
    note_for_ledger,
    place_of_ballot,
    prefix_of,
    signed_receipt,
)
from voting.roll.rules.hashing import roll_hash
from voting.roll.service import ask_strike, confirm_changes
from voting.tally.service import count


@pytest.fixture
def round(session, keys, any_database):
    return make_open_round(session, keys)


def sign(session, keys, round, now=NOW):
    return make_checkpoint(session, now=now, keys=keys, round_id=round.id)


def bodies(session, round):
    query = select(LedgerEntry).where(LedgerEntry.round_id == round.id).order_by(LedgerEntry.idx)
    return [json.loads(entry.body) for entry in session.scalars(query)]


def test_a_ledger_begins_with_the_rules_and_the_cards(session, keys, round):
    made = make_cards(session, keys, round.id, 3)
    head = sign(session, keys, round)
    first, batch = bodies(session, round)
    assert first["kind"] == "rules"
    assert first["config"] == round.config_hash.hex()
    assert batch["cards"] == 3
    hashes = sorted(card.cred_hash for card in made)
    assert batch["root"] == root_of(leaf_hash(one) for one in hashes).hex()
    assert head.size == 2


def test_the_head_is_a_signed_note_over_all_entries(session, keys, round):
    fill(session, round.id, [(1,)] * 25)
    head, ledger = sign(session, keys, round), get_ledger(session, round.id)
    said, signature = read_note(head.note, name=ledger.origin, public=ledger.public_key)
    assert is_signed(ledger.public_key, said.encode(), signature)
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.idx)).all()
    assert head.root == root_of(leaf_hash(entry.body.encode()) for entry in entries)
    assert said.splitlines()[1] == str(len(entries)) == "26"
    assert "ballots 25" in said


def test_few_ballots_wait_until_nobody_can_follow(session, keys, round):
    fill(session, round.id, [(1,)] * 19)
    assert sign(session, keys, round).size == 1
    fill(session, round.id, [(2,)])
    assert sign(session, keys, round).size == 21
    fill(session, round.id, [(3,)])
    closed = sign(session, keys, round, now=round.closes_at + timedelta(minutes=1))
    assert [body["kind"] for body in bodies(session, round)][21:] == ["act", "ballot"]
    assert closed.size == 23


def test_ballots_stand_in_the_order_of_their_slots(session, keys, round):
    fill(session, round.id, [(1,)] * 40)
    sign(session, keys, round)
    slots = [body["slot"] for body in bodies(session, round) if body["kind"] == "ballot"]
    assert slots == sorted(slots)
    assert set(session.scalars(select(UrnEntry.batch_no))) == {41}
    entry = session.scalars(select(UrnEntry)).first()
    assert bodies(session, round)[place_of_ballot(session, round.id, entry.slot)] == {
        "kind": "ballot", "slot": entry.slot.hex(), "commitment": entry.leaf.hex(),
        "sealed": hashlib.sha256(entry.sealed).hexdigest(),
    }  # fmt: skip


def test_without_news_the_head_stays(session, keys, round):
    first = sign(session, keys, round)
    assert sign(session, keys, round, now=NOW + timedelta(hours=1)) is first
    assert due_rounds(session) == []


def test_a_count_stands_after_its_ballots(session, keys, any_database):
    round = make_closed_round(session, keys)
    open_by_two(session, round)
    tally = count(session, now=NOW, keys=keys, round_id=round.id)
    kinds = [body["kind"] for body in bodies(session, round)]
    assert kinds == ["rules", "act", *["ballot"] * 5, "tally"]
    said = bodies(session, round)[-1]
    assert said["outcome"] == hashlib.sha256(tally.outcome.encode()).hexdigest()
    assert said["ballots"] == 5


def test_a_count_that_was_noted_before_the_ballots_were_pulled_stands_after_them(session, keys):
    round = make_closed_round(session, keys)
    note_for_ledger(session, now=NOW, round_id=round.id, kind="tally", ballots=5)
    sign(session, keys, round)
    assert [body["kind"] for body in bodies(session, round)][-2:] == ["ballot", "tally"]
    assert len(session.scalars(select(Checkpoint)).all()) == 2


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entry SET body = '{}'", "DELETE FROM ledger_entry", "DELETE FROM checkpoint",
    "UPDATE checkpoint SET note = ''", "UPDATE ledger SET origin = 'x'", "DELETE FROM ledger",
])  # fmt: skip
def test_the_database_lets_nobody_change_the_past(session, keys, round, statement):
    sign(session, keys, round)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text(statement))


def test_nothing_is_signed_over_an_entry_that_changed(session, keys, round):
    sign(session, keys, round)
    session.execute(text("DROP TRIGGER ledger_entry_no_update" + _on(session, "ledger_entry")))
    session.execute(text("UPDATE ledger_entry SET body = replace(body, 'rules', 'rulez')"))
    fill(session, round.id, [(1,)] * 20)
    with pytest.raises(LedgerDamaged):
        sign(session, keys, round)
    with pytest.raises(LedgerDamaged):
        prefix_of(session, round.id)


def _on(session, table):
    return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_a_ledger_whose_key_is_gone_is_not_signed_by_another(session, keys, round, tmp_path):
    sign(session, keys, round)
    fill(session, round.id, [(1,)] * 20)
    keys.forget_round(round.id)
    fresh = type(keys)(keys._folder)
    with pytest.raises(LedgerKeyMissing):
        sign(session, fresh, round)


def test_a_round_that_is_not_frozen_has_no_ledger(session, keys):
    round = make_open_round(session, keys)
    round = type(round)(
        area_id=round.area_id, title="一轮", created_at=NOW, created_by="x", budget=1,
        reference_day=NOW.date(), opens_at=NOW, closes_at=NOW + timedelta(days=1), max_choices=1,
        help_number="", office_name="", office_address="", office_contact="",
    )  # fmt: skip
    session.add(round)
    session.flush()
    with pytest.raises(NotFrozenYet):
        sign(session, keys, round)
    assert find_head(session, round.id) is None


def test_a_receipt_is_signed_and_says_nothing_but_its_slot(session, keys, round):
    sign(session, keys, round)
    ledger = get_ledger(session, round.id)
    note = signed_receipt(session, keys=keys, round_id=round.id, slot=b"s" * 32)
    assert note is not None
    said, signature = read_note(note, name=ledger.origin, public=ledger.public_key)
    assert said == f"{ledger.origin}\nreceipt\n{(b's' * 32).hex()}\n"
    assert is_signed(ledger.public_key, said.encode(), signature)


def test_a_change_of_the_roll_is_an_entry_with_the_roll_after_it(session, keys, round):
    sign(session, keys, round)
    people = [make_elector(session, round.id) for _ in range(3)]
    officers = Actor("one", "李敏", ""), Actor("two", "周强", "")
    asked = [
        ask_strike(
            session, now=NOW, actor=officers[0], round_id=round.id, elector_id=one.elector_id,
            reason="died",
        )
        for one in people[:2]
    ]  # fmt: skip
    sign(session, keys, round)
    assert [body["kind"] for body in bodies(session, round)] == ["rules"]
    made = [one.id for one in asked]
    confirm_changes(
        session, now=NOW, actor=officers[1], keys=keys, round_id=round.id, change_ids=made
    )
    sign(session, keys, round)
    assert bodies(session, round)[1:] == [
        {
            "kind": "roll_change", "act": "strike", "at": moment_text(NOW), "count": 3 - number,
            "hash": roll_hash((one.elector_id, one.id_key) for one in people[number:]).hex(),
        }
        for number in (1, 2)
    ]  # fmt: skip
    assert sign(session, keys, round).size == 3
