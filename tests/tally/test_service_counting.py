import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text, update

from tests.factories.ballots import NOW
from tests.factories.tally import (
    drop_raw,
    fill,
    make_closed_round,
    make_counted_round,
    make_openers,
    open_by_two,
)
from tests.factories.withdrawals import make_withdrawn
from voting.ballots.models import UrnEntry
from voting.proposals.models import Candidate
from voting.tally.models import OpenedBallot, Tally
from voting.tally.service import (
    NotOpenedByTwo,
    approve_opening,
    checked_count,
    count,
    entries,
)


def approve(session, officer, round, *, now=NOW):
    return approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)


def counting(session, keys, round, *, now=NOW):
    return count(session, now=now, keys=keys, round_id=round.id)


def test_the_urn_is_counted_after_two_have_agreed(session, keys, closed):
    open_by_two(session, closed)
    tally = counting(session, keys, closed)
    facts = json.loads(tally.outcome)
    assert (tally.ballots, tally.blank, tally.invalid) == (5, 0, 0)
    assert facts["votes"] == {"1": 4, "2": 3, "3": 1, "4": 1, "5": 1, "6": 0}
    assert facts["funded"] == ["1", "2", "5", "4", "3"]
    assert facts["channels"] == {"card": 5}


def test_without_two_officers_nothing_is_counted(session, keys, closed):
    with pytest.raises(NotOpenedByTwo):
        counting(session, keys, closed)
    approve(session, make_openers(session, closed.area, 1)[0], closed)
    with pytest.raises(NotOpenedByTwo):
        counting(session, keys, closed)
    assert session.get(Tally, closed.id) is None


def test_a_second_count_answers_what_is_stored(session, keys, closed):
    open_by_two(session, closed)
    first = counting(session, keys, closed)
    outcome, at = first.outcome, first.counted_at
    again = counting(session, keys, closed, now=NOW + timedelta(days=1))
    assert (again.outcome, again.counted_at) == (outcome, at)
    assert session.scalar(select(func.count()).select_from(Tally)) == 1


def test_equal_ballots_are_one_row_with_a_number_and_no_slot(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[(1, 2)] * 40 + [(3,)] * 2)
    slots = set(session.scalars(select(UrnEntry.slot)))
    open_by_two(session, round)
    counting(session, keys, round)
    rows = session.scalars(select(OpenedBallot).order_by(OpenedBallot.number)).all()
    assert [(row.ballot, row.number) for row in rows] == [
        ('{"choices":[3]}', 2), ('{"choices":[1,2]}', 40),
    ]  # fmt: skip
    assert not slots & {row.digest for row in rows}
    assert set(OpenedBallot.__table__.c.keys()) == {"round_id", "digest", "ballot", "number"}


def test_invalid_ballots_are_counted_and_reported(session, keys, any_database):
    round = make_closed_round(session, keys)
    fill(session, round.id, [(7,), (1, 1, 2)])
    drop_raw(session, round.id, b'{"channel":"card","choices":[1,2,3,4]}')
    drop_raw(session, round.id, b"nonsense")
    drop_raw(session, round.id, b'{"channel":"paper","choices":[]}')
    open_by_two(session, round)
    tally = counting(session, keys, round)
    facts = json.loads(tally.outcome)
    assert (tally.ballots, tally.blank, tally.invalid) == (10, 1, 3)
    assert facts["flaws"] == {"too_many": 1, "unknown_candidate": 1, "unreadable": 1}
    assert facts["votes"]["1"] == 5


def test_ticks_for_a_withdrawn_candidate_do_not_count(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[(1, 2)] * 3 + [(2,)])
    withdraw(session, round, 2, at=NOW - timedelta(days=2))
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert facts["funded"] == ["1"]
    two = next(project for project in facts["projects"] if project["id"] == "2")
    assert (two["place"], two["reason"], two["votes"]) == (None, "withdrawn", 4)
    assert facts["invalid"] == 0


def withdraw(session, round, number, *, at):
    make_withdrawn(session, round.id, number, at=at)


def test_a_withdrawal_after_the_count_does_not_change_what_was_counted(session, keys):
    round = make_counted_round(session, keys)
    withdraw(session, round, 1, at=NOW + timedelta(days=2))
    assert "1" in checked_count(session, round.id).outcome.funded


def test_the_draw_can_be_recomputed_from_what_is_published(session, keys, any_database):
    # Equal votes, equal beneficiaries, equal cost: only the lot can decide.
    round = make_closed_round(session, keys, votes=[(1, 2), (1, 2)])
    session.execute(text("DROP TRIGGER candidate_frozen_update" + on_table(session, "candidate")))
    session.execute(update(Candidate).values(cost=1, beneficiaries=1))
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    leaves = sorted(session.scalars(select(UrnEntry.leaf)))
    digest = hashlib.sha256(b"".join(leaves)).digest()
    assert facts["urn_digest"] == digest.hex()
    seed = hashlib.sha256(b"draw 1\x00" + (round.config_hash or b"") + digest).digest()
    order = sorted("12", key=lambda id: hashlib.sha256(seed + b"\x00" + id.encode()).digest())
    assert facts["funded"][:2] == order
    assert facts["ties"][0]["decided_by"] == ["draw"]


def on_table(session, table):
    return f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""


def test_an_empty_urn_is_counted_too(session, keys, any_database):
    round = make_closed_round(session, keys, votes=[])
    open_by_two(session, round)
    facts = json.loads(counting(session, keys, round).outcome)
    assert (facts["ballots"], facts["funded"]) == (0, [])
    assert set(facts["votes"].values()) == {0}


def test_the_urn_is_read_in_pieces(session, keys, any_database, monkeypatch):
    monkeypatch.setattr(entries, "_AT_ONCE", 3)
    round = make_closed_round(session, keys, votes=[(1,)] * 10)
    open_by_two(session, round)
    heard: list[int] = []
    tally = count(session, now=NOW, keys=keys, round_id=round.id, progress=heard.append)
    assert tally.ballots == 10
    assert heard == [3, 6, 9, 10]


def test_the_statements_of_a_count_do_not_grow_with_its_candidates(session, keys):
    def statements(candidates):
        round = make_closed_round(session, keys, candidates=candidates)
        open_by_two(session, round)
        seen = []
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *args: seen.append(args[2]))
        counting(session, keys, round)
        return len(seen)

    few = statements(3)
    assert statements(30) <= few + few  # the second listener hears each statement twice
