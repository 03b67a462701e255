"""Every state of a project, every act, every role: what is allowed leaves its traces, the rest a sentence."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from tests.factories.delivery import make_project
from voting.delivery.models import Project, ProjectChange
from voting.delivery.rules.facts import Given
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import ACTS, find_step
from voting.delivery.service import advance_project
from voting.errors import Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.permissions import GRANTS, Role

ACTOR = Actor("officer", "李敏", "")
GIVEN = Given(
    day=date(2026, 11, 23),
    person="监督小组",
    file_digest="0" * 64,
    file_name="扫描件.pdf",
    amount=48_000_00,
)


def _count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


def _traces(session):
    return [_count(session, kind) for kind in (ProjectChange, Notice, JournalEntry)]


@pytest.mark.parametrize("state", list(ProjectState))
def test_state_by_act_by_role(database, state):
    with database.transaction() as session:
        project_id = make_project(session, state=state, is_ready=True).id
    for key in ACTS:
        for role in Role:
            _try(database, project_id, state, key, role)


def _try(database, project_id, state, key, role):
    step = find_step(state, key)
    is_allowed = step is not None and step.permission in GRANTS[role]
    with database.engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            before = _traces(session)
            refusal = _advance(session, project_id, key, role)
            after = _traces(session)
            where = (state, key, role, refusal)
            assert (refusal == "") is is_allowed, where
            if step is not None and is_allowed:
                papers = 1 if step.paper else 0
                assert after[0] == before[0] + 1, where
                assert after[1] == before[1] + papers, where
                assert after[2] == before[2] + 1 + papers, where
                assert session.get_one(Project, project_id).state == step.after, where
            else:
                assert (after, session.get_one(Project, project_id).state) == (before, state)
        outer.rollback()


def _advance(session, project_id, key, role):
    try:
        with session.begin_nested():
            advance_project(
                session, now=NOW, actor=ACTOR, project_id=project_id, key=key,
                reason="因为所以", given=GIVEN, permissions=GRANTS[role],
            )  # fmt: skip
    except Refusal as refusal:
        sentence = str(refusal)
        assert sentence.endswith("。")
        return sentence
    return ""
