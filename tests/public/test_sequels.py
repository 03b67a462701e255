from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW, keyring
from tests.factories.open_data import declare_result
from tests.factories.tally import make_reviewed_round
from voting.delivery.service.opening import open_project
from voting.permissions import Role
from voting.proposals.rules.sequel import Sequel
from voting.proposals.service import candidates_of
from voting.public.service.sequels import sequel_of
from voting.rounds.models import Round


@pytest.fixture
def reviewed(session: Session, tmp_path: Path) -> Round:
    """A counted round that waits for the street."""
    return make_reviewed_round(session, keyring(tmp_path))


def test_nothing_is_said_before_the_result_is_declare_result(
    session: Session, reviewed: Round
) -> None:
    assert sequel_of(session, candidates_of(session, reviewed.id)[0]) == Sequel()


def test_afterwards_the_votes_are_said(session: Session, reviewed: Round) -> None:
    declare_result(session, reviewed)
    by_number = {one.ballot_number: one for one in candidates_of(session, reviewed.id)}
    assert sequel_of(session, by_number[1]) == Sequel(votes=4, is_funded=True)
    assert sequel_of(session, by_number[6]).is_funded is False


def test_the_project_is_named_once_there_is_one(session: Session, reviewed: Round) -> None:
    declare_result(session, reviewed)
    candidate = candidates_of(session, reviewed.id)[0]
    actor = make_officer(session, area=reviewed.area, role=Role.STREET_OFFICER).actor
    project = open_project(session, now=NOW, actor=actor, round=reviewed, candidate=candidate)
    sequel = sequel_of(session, candidate)
    assert (sequel.project_id, sequel.project_word) == (project.id, "待启动")


def test_what_was_never_on_the_list_has_no_votes(session: Session, reviewed: Round) -> None:
    declare_result(session, reviewed)
    candidate = candidates_of(session, reviewed.id)[0]
    session.expunge(candidate)
    candidate.ballot_number = None
    assert sequel_of(session, candidate) == Sequel()
