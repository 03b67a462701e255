"""Many officers at once; beside each race its twin without the guard.

The twins run on PostgreSQL only: SQLite lets one writer in at a time, whatever the program forgets.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from tests.factories.areas import NOW
from tests.factories.delivery import make_funded, make_project
from tests.factories.rounds import make_round
from voting.delivery.models import Project, ProjectChange, Spending
from voting.delivery.rules.facts import Given, SpendingFacts
from voting.delivery.service import advance_project, enter_spending, moving, open_projects
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.base import new_id
from voting.persistence.session import Database
from voting.proposals.models import Candidate
from voting.rounds.models import Round

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}
TODAY = date(2026, 11, 23)
CONTENDERS, FEW = 20, 5


@pytest.fixture
def postgres_only(postgres_url):
    database = Database(postgres_url)
    yield database
    database.engine.dispose()


def _together(database, count, act):
    start = threading.Barrier(count)

    def run(_):
        start.wait()
        try:
            with database.transaction() as session:
                act(session)
        except (Refusal, IntegrityError) as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def _project(database, state):
    with database.transaction() as session:
        return make_project(session, state=state, is_ready=True).id


def _start(project_id):
    return lambda session: advance_project(
        session, **ACT, project_id=project_id, key="start", given=Given(day=TODAY)
    )


def _starts(database):
    with database.reading() as session:
        started = select(func.count()).where(ProjectChange.act == "project.start")
        return session.scalar(started)


def test_of_many_starts_at_once_one_counts(any_database, database):
    refused = _together(database, CONTENDERS, _start(_project(database, "contracted")))
    assert refused == ["", *["NoSuchStep"] * (CONTENDERS - 1)]
    assert _starts(database) == 1


def test_without_the_state_in_the_update_a_project_starts_twice(postgres_only, monkeypatch):
    project_id = _project(postgres_only, "contracted")
    ready = threading.Barrier(FEW, timeout=20)

    def unguarded(id, _step):
        ready.wait()  # everybody has read the old state
        return update(Project).where(Project.id == id)

    monkeypatch.setattr(moving, "taking", unguarded)
    _together(postgres_only, FEW, _start(project_id))
    assert _starts(postgres_only) == FEW


def _pay(project_id, key):
    facts = SpendingFacts(day=TODAY, amount=1_00, purpose="水泥", payee="某店")
    return lambda session: enter_spending(
        session, **ACT, project_id=project_id, key=key or new_id(), facts=facts
    )


def _payments(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Spending))


def test_one_payment_form_sent_by_many_hands_at_once_is_one_payment(any_database, database):
    project_id = _project(database, "in_progress")
    refused = _together(database, CONTENDERS, _pay(project_id, new_id()))
    assert refused == [""] * CONTENDERS
    assert _payments(database) == 1


def test_without_the_forms_own_key_every_sending_is_a_payment(any_database, database):
    _together(database, FEW, _pay(_project(database, "in_progress"), None))
    assert _payments(database) == FEW


def test_rounds_of_one_estate_confirmed_at_once_share_no_number(any_database, database):
    with database.transaction() as session:
        estate = make_round(session).area
        pairs = []
        for _ in range(FEW):
            round = make_round(session, area=estate)
            pairs.append((round.id, make_funded(session, round).id))

    waiting = iter(pairs)

    def confirm(session):
        round_id, candidate_id = next(waiting)
        open_projects(
            session, **ACT, round=session.get_one(Round, round_id),
            candidates=[session.get_one(Candidate, candidate_id)],
        )  # fmt: skip

    assert _together(database, FEW, confirm) == [""] * FEW
    with database.reading() as session:
        codes = session.scalars(select(Project.code)).all()
    assert len(set(codes)) == FEW
