"""Announcing at once, and changing while somebody announces; beside each race its twin without the guard.

The twins run on PostgreSQL only: SQLite lets one writer in at a time, whatever the program forgets.
"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.conduct.conftest import ready_round
from tests.factories.areas import NOW
from tests.factories.proposals import candidate_facts
from tests.factories.rounds import make_plan
from voting.adapters.keyring import Keyring
from voting.conduct.service import advance, appoint, replace
from voting.conduct.service.freezing import config_of
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of, change_candidate
from voting.rounds.models import Appointment, PhaseChange, Round
from voting.rounds.rules import Phase
from voting.rounds.service import change_round

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


@pytest.fixture
def round_id(database: Database, keys: Keyring) -> str:
    with database.transaction() as session:
        return ready_round(session, keys).id


@pytest.fixture
def postgres_only(postgres_url: str, keys: Keyring):
    database = Database(postgres_url)
    with database.transaction() as session:
        round = ready_round(session, keys)
    yield database, round.id
    database.engine.dispose()


def _together(database, *acts):
    """Run each act in a transaction of its own, all begun in the same moment; return what was refused."""
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


def _announce(keys, round_id):
    return lambda session: advance(
        session, **ACT, keys=keys, round_id=round_id, to=Phase.VOTE_ANNOUNCED
    )


def test_of_many_announcements_at_once_one_counts(any_database, database, keys, round_id):
    refused = _together(database, *(_announce(keys, round_id) for _ in range(6)))
    assert refused == ["", *["NoSuchStep"] * 5]
    with database.reading() as session:
        steps = session.scalars(select(PhaseChange).where(PhaseChange.round_id == round_id)).all()
        assert [step.after for step in steps] == ["vote_announced"]


def test_its_twin_without_lock_and_condition_announces_twice(postgres_only):
    database, round_id = postgres_only
    _forget_guards(database)
    both_have_looked = threading.Barrier(2)

    def announce(session):
        round = session.get_one(Round, round_id)
        assert round.frozen_at is None
        both_have_looked.wait()
        round.frozen_at, round.config, round.config_hash = NOW, "{}", b"hash"
        session.add(
            PhaseChange(round_id=round_id, before=round.phase, after="x", at=NOW, by="twin")
        )
        round.phase = "vote_announced"

    assert _together(database, announce, announce) == ["", ""]
    with database.reading() as session:
        steps = session.scalars(select(PhaseChange).where(PhaseChange.round_id == round_id)).all()
        assert len(steps) == 2


def _said_and_stored(database, round_id):
    with database.reading() as session:
        round = session.get_one(Round, round_id)
        candidates = candidates_of(session, round_id)
        fixed: dict[str, Any] = {
            name: getattr(round, name)
            for name in ("seal_public", "ballot_length", "roll_count", "roll_hash")
        }
        return json.loads(round.config), config_of(round, candidates, fixed)


def _change_plan(round_id):
    plan = make_plan(budget=999_000_00, max_choices=1)
    return lambda session: change_round(
        session, **ACT, round_id=round_id, plan=plan, may_approve=True
    )


def _change_candidate(round_id, candidate_id):
    facts = candidate_facts(title="改了名字", cost=1_00)
    return lambda session: change_candidate(
        session, **ACT, round_id=round_id, candidate_id=candidate_id, facts=facts
    )


def _first(database, round_id):
    with database.reading() as session:
        return candidates_of(session, round_id)[0].id


@pytest.mark.parametrize("turn", range(5))
def test_what_is_announced_is_what_stands(any_database, database, keys, round_id, turn):
    refused = _together(
        database,
        _announce(keys, round_id),
        _change_plan(round_id),
        _change_candidate(round_id, _first(database, round_id)),
    )
    assert set(refused) <= {"", "RulesFrozen"}
    said, stored = _said_and_stored(database, round_id)
    assert said == stored


def test_its_twin_without_the_lock_announces_what_does_not_stand(postgres_only, keys):
    database, round_id = postgres_only
    candidate_id = _first(database, round_id)
    has_read, has_changed = threading.Event(), threading.Event()

    def announce(session):
        round = session.get_one(Round, round_id)
        candidates = candidates_of(session, round_id)
        has_read.set()
        assert has_changed.wait(30)
        fixed: dict[str, Any] = {
            "seal_public": bytes(32),
            "ballot_length": 60,
            "roll_count": 2,
            "roll_hash": b"",
        }
        session.execute(
            update(Round)
            .where(Round.id == round_id, Round.frozen_at.is_(None))
            .values(
                frozen_at=NOW,
                config=json.dumps(config_of(round, candidates, fixed), default=str),
                config_hash=b"hash",
                **fixed,
            )
        )

    def change(_session):
        assert has_read.wait(30)
        with database.transaction() as quicker:
            quicker.execute(
                update(Candidate).where(Candidate.id == candidate_id).values(title="改了名字")
            )
        has_changed.set()

    assert _together(database, announce, change) == ["", ""]
    said, stored = _said_and_stored(database, round_id)
    assert said["candidates"] != stored["candidates"]


def test_of_two_who_replace_one_person_at_once_one_does(any_database, database, keys, round_id):
    with database.transaction() as session:
        old = appoint(
            session, **ACT, keys=keys, round_id=round_id, duty="monitor", name="吴国强"
        ).appointment

    def by(name):
        return lambda session: replace(
            session, **ACT, keys=keys, round_id=round_id, appointment_id=old.id, name=name
        )

    assert _together(database, by("孙丽"), by("周桂兰")) == ["", "AppointmentEnded"]
    with database.reading() as session:
        running = session.scalars(select(Appointment).where(Appointment.ended_at.is_(None))).all()
        assert len(running) == 1


def _forget_guards(database):
    with database.transaction() as session:
        session.execute(text("DROP TRIGGER round_frozen ON round"))
