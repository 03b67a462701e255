"""Officers who make, announce, renew and destroy in the same moment; beside each race its twin."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.areas import NOW
from tests.factories.custody import (
    announce,
    give_out_sheets,
    key_of,
    make_listed,
    make_monitors,
    make_sealed,
    typed,
)
from voting.adapters.sealing import public_of, seal
from voting.clock import local_day
from voting.custody.models import KeyDestruction, UrnKey
from voting.custody.rules import join
from voting.custody.service import (
    Witnessed,
    agree_to_destroy,
    ceremony,
    confirm_destruction,
    find_destruction,
    finding,
    make_key,
    renew_sheets,
    seal_public_for,
    waiting_sheets,
)
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.ledger.models import LedgerNote
from voting.persistence.session import Database
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.tally.service import destroy

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}
MANY, FEW = 20, 5


def _together(database, *acts):
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with database.transaction() as session:
                act(session)
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def postgres_only(postgres_url):
    database = Database(postgres_url)
    yield database
    database.engine.dispose()


def _listed(database, keys):
    with database.transaction() as session:
        round = make_listed(session, keys)
        make_monitors(session, keys, round)
        return round.id


def _make(keys, round_id):
    return lambda session: make_key(session, **ACT, keys=keys, round_id=round_id)


def test_of_many_ceremonies_at_once_the_sheets_of_one_fit_its_key(any_database, database, keys):
    round_id = _listed(database, keys)
    assert _together(database, *(_make(keys, round_id) for _ in range(MANY))) == [""] * MANY
    with database.reading() as session:
        round = session.get_one(Round, round_id)
        first, second, _ = waiting_sheets(session, keys=keys, round=round)
        assert public_of(join(first, second)) == key_of(session, round_id).public_key


def test_its_twin_without_the_lock_runs_into_the_primary_key(postgres_only, keys, monkeypatch):
    round_id = _listed(postgres_only, keys)
    all_have_looked = threading.Barrier(FEW)

    def sealing(*facts):
        all_have_looked.wait()
        return seal(*facts)

    monkeypatch.setattr(finding, "hold_round", get_round)
    monkeypatch.setattr(ceremony, "seal", sealing)
    with pytest.raises(IntegrityError):
        _together(postgres_only, *(_make(keys, round_id) for _ in range(FEW)))


@pytest.mark.parametrize("turn", range(3))
def test_what_is_announced_is_the_key_that_was_proven(any_database, database, keys, turn):
    with database.transaction() as session:
        round = make_listed(session, keys)
        give_out_sheets(session, keys, round)
        round_id = round.id

    def announcing(session):
        announce(session, keys, session.get_one(Round, round_id))

    refused = _together(database, announcing, _make(keys, round_id))
    assert refused in (["", "CannotMakeNow"], ["", "KeyNotProven"])
    with database.reading() as session:
        round, key = session.get_one(Round, round_id), key_of(session, round_id)
        assert (round.frozen_at is not None) is (key.proven_at is not None)
        assert round.seal_public in (None, key.public_key)


def test_its_twin_without_the_condition_freezes_a_key_nobody_has(postgres_only, keys):
    database = postgres_only
    with database.transaction() as session:
        round = make_listed(session, keys)
        give_out_sheets(session, keys, round)
        round_id = round.id
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        public = seal_public_for(session, keys=keys, round=round)
        with database.transaction() as quicker:  # makes the key anew, as if no row were held
            quicker.execute(
                update(UrnKey).values(public_key=bytes(32), proven_at=None, proven_by=None)
            )
        session.execute(
            update(Round)
            .where(Round.id == round_id, Round.frozen_at.is_(None))
            .values(frozen_at=NOW, config="{}", config_hash=b"h", seal_public=public)
        )
    with database.reading() as session:
        assert session.get_one(Round, round_id).seal_public != key_of(session, round_id).public_key


def test_of_two_who_renew_at_once_one_does(any_database, database, keys):
    with database.transaction() as session:
        round, sheets = make_sealed(session, keys)
        round_id = round.id
    pair = (typed(sheets[0]), typed(sheets[2]))

    def renewing(session):
        renew_sheets(session, **ACT, keys=keys, round_id=round_id, typed=pair)

    assert _together(database, renewing, renewing) == ["", "OldSheet"]
    with database.reading() as session:
        assert key_of(session, round_id).set_no == 2
        first, second, _ = waiting_sheets(
            session, keys=keys, round=session.get_one(Round, round_id)
        )
        assert public_of(join(first, second)) == key_of(session, round_id).public_key


def _confirmed(database, keys, officers):
    with database.transaction() as session:
        round, _ = make_sealed(session, keys)
        round.phase = "confirmed"
        made = [make_officer(session, area=round.area).actor for _ in range(officers + 1)]
        agree_to_destroy(
            session, now=NOW, actor=made[0], round_id=round.id,
            witnessed=Witnessed(local_day(NOW), "监票人甲、乙、丙"),
        )  # fmt: skip
        return round.id, made


def test_of_many_who_confirm_a_destruction_one_does(any_database, database, keys):
    round_id, actors = _confirmed(database, keys, MANY)
    acts = [
        lambda session, actor=actor: destroy(
            session, now=NOW, actor=actor, keys=keys, round_id=round_id
        )
        for actor in actors[1:]
    ]
    assert _together(database, *acts) == ["", *["AlreadyDestroyed"] * (MANY - 1)]
    with database.reading() as session:
        notes = select(func.count()).where(LedgerNote.kind == "destroyed")
        assert session.scalar(notes) == 1
        found = find_destruction(session, round_id)
        assert found is not None
        assert found.second_officer in {one.id for one in actors[1:]}


def test_the_first_officer_alone_destroys_nothing(any_database, database, keys):
    round_id, actors = _confirmed(database, keys, 1)
    acts = [
        lambda session: confirm_destruction(session, now=NOW, actor=actors[0], round_id=round_id)
    ] * 4
    assert _together(database, *acts) == ["SameDestroyer"] * 4


def test_its_twin_with_a_look_beforehand_destroys_twice(postgres_only, keys):
    database = postgres_only
    round_id, actors = _confirmed(database, keys, FEW)
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER key_destruction_no_update ON key_destruction"))
    looked = threading.Barrier(FEW)

    def confirming(actor):
        def act(session):
            found = session.get_one(KeyDestruction, round_id)
            assert found.second_officer is None
            looked.wait()
            change = update(KeyDestruction).where(KeyDestruction.round_id == round_id)
            session.execute(change.values(second_officer=actor.id, second_at=NOW))

        return act

    assert _together(database, *(confirming(one) for one in actors[1:])) == [""] * FEW
