"""What waits at the desk: piles of things, and the rounds an officer runs."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from tests.factories.areas import NOW, Chain, make_chain
from tests.factories.ballots import keyring
from tests.factories.proposals import make_candidate, make_proposal
from tests.factories.rounds import make_round
from tests.rounds.statements import statements
from voting.accounts.models import Officer
from voting.delivery.models import Milestone, Project
from voting.desk.service import piles, tasks
from voting.permissions import Role
from voting.persistence.base import new_id
from voting.proposals.models import Appeal, Candidate, Proposal, ProposalDecision, Withdrawal
from voting.results.models import BudgetCut
from voting.roll.models import RollChange
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import Phase


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def secretary(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.community, role=Role.COMMUNITY_SECRETARY, name="一位")


@pytest.fixture
def other(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.community, role=Role.COMMUNITY_SECRETARY, name="另一位")


def _piles(session: Session, officer: Officer) -> list[tuple[str, int]]:
    return [(pile.kind.value, pile.number) for pile in piles(session, officer, now=NOW)]


def _propose(session: Session, tmp_path: Path, round: Round, state: str) -> Proposal:
    proposal = make_proposal(session, keyring(tmp_path), round)
    proposal.state = state
    session.flush()
    return proposal


def _project(session: Session, round: Round, state: str) -> Project:
    project = Project(
        round_id=round.id, area_id=round.area_id, code=new_id(), title="加装路灯", place="主路",
        beneficiaries=9, budget=100, state=state, opened_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(project)
    session.flush()
    return project


def _milestone(session: Session, project: Project, days: int, *, done: bool = False) -> None:
    planned = NOW.date() + timedelta(days=days)
    session.add(
        Milestone(
            project_id=project.id, position=days + 100, title="完工", person="张工",
            planned_on=planned, done_on=planned if done else None,
        )
    )  # fmt: skip
    session.flush()


def test_proposals_wait_for_who_screens_them_and_only_while_the_round_takes_some(
    session: Session, chain: Chain, secretary: Officer, tmp_path: Path
) -> None:
    round = make_round(session, area=chain.estate, phase=Phase.COLLECTING)
    for state in ("received", "received", "accepted", "refused"):
        _propose(session, tmp_path, round, state)
    assert _piles(session, secretary) == [("received", 2), ("accepted", 1)]
    auditor = make_officer(session, area=chain.district, role=Role.AUDITOR)
    elsewhere = make_officer(session, role=Role.COMMUNITY_SECRETARY)
    assert _piles(session, auditor) == _piles(session, elsewhere) == []
    round.phase = Phase.TERMINATED.value
    session.flush()
    assert _piles(session, secretary) == []


def test_an_appeal_waits_for_another_officer_of_the_street(
    session: Session, chain: Chain, tmp_path: Path
) -> None:
    one, another = (
        make_officer(session, area=chain.street, role=Role.STREET_OFFICER) for _ in range(2)
    )
    round = make_round(session, area=chain.estate, phase=Phase.SCREENING)
    proposal = _propose(session, tmp_path, round, "refused")
    decision = ProposalDecision(
        proposal_id=proposal.id, kind="screening", outcome="refused", at=NOW, by=one.id
    )
    session.add(decision)
    session.flush()
    session.add(
        Appeal(
            proposal_id=proposal.id, decision_id=decision.id, against_by=one.id, words="请再看看",
            made_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert _piles(session, one) == []
    assert _piles(session, another) == [("appeal", 1)]


def test_works_wait_for_their_approval_and_overdue_milestones_for_who_keeps_them(
    session: Session, chain: Chain, secretary: Officer
) -> None:
    round = make_round(session, area=chain.estate, phase=Phase.IMPLEMENTING)
    _project(session, round, "to_approve")
    running = _project(session, round, "in_progress")
    _milestone(session, running, -1)
    _milestone(session, running, 0)
    _milestone(session, running, -3, done=True)
    _milestone(session, _project(session, round, "terminated"), -9)
    street = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
    assert _piles(session, secretary) == [("late", 1)]
    assert _piles(session, street) == [("to_approve", 1), ("late", 1)]


def test_a_nominated_candidate_waits_for_the_streets_review(session: Session, chain: Chain) -> None:
    round = make_round(session, area=chain.estate, phase=Phase.SCREENING)
    session.add(
        Candidate(
            round_id=round.id, title="路灯", place="主路", sentence="亮", cost=1, beneficiaries=1,
            state="nominated",
        )
    )  # fmt: skip
    session.flush()
    street = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
    assert _piles(session, street) == [("review", 1)]


def test_rounds_one_was_named_to_run_come_first(
    session: Session, chain: Chain, secretary: Officer, other: Officer
) -> None:
    first = make_round(session, area=chain.estate, phase=Phase.COLLECTING)
    second = make_round(session, area=chain.estate, phase=Phase.COLLECTING)
    for officer, round in ((secretary, first), (other, second)):
        session.add(RoundOfficer(round_id=round.id, officer_id=officer.id))
    session.flush()
    for officer, mine in ((secretary, first), (other, second)):
        found = tasks(session, officer, now=NOW)
        assert next(task.round.id for task in found) == mine.id
        assert [task.runs for task in found] == [True, False]


def test_the_desk_asks_as_often_for_a_thousand_rounds_as_for_ten(
    session: Session, chain: Chain, tmp_path: Path
) -> None:
    street = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)

    def grow(number: int) -> None:
        round = make_round(session, area=chain.estate, phase=Phase.COLLECTING)
        _propose(session, tmp_path, round, "received")
        row = {
            column.name: getattr(round, column.name)
            for column in Round.__table__.columns
            if column.name != "id"
        }
        session.add_all(Round(**row, id=f"r{number}x{index}") for index in range(number))
        session.flush()

    def asked() -> int:
        session.expunge_all()
        officer = session.get_one(Officer, street.id)
        bind = session.get_bind()
        assert isinstance(bind, Engine)
        with statements(bind) as seen:
            tasks(session, officer, now=NOW)
            piles(session, officer, now=NOW)
        return len(seen)

    grow(10)
    few = asked()
    grow(990)
    assert asked() == few


def test_a_void_vote_that_is_held_again_is_no_task(session, now):
    chain = make_chain(session)
    officer = make_officer(session, area=chain.street, role=Role.STREET_OFFICER)
    void = make_round(session, area=chain.estate, phase=Phase.VOTE_VOID)
    assert [task.round.id for task in tasks(session, officer, now=now)] == [void.id]
    again = make_round(session, area=chain.estate, phase=Phase.SHORTLISTED)
    again.repeats_id = void.id
    session.flush()
    assert [task.round.id for task in tasks(session, officer, now=now)] == [again.id]


def test_a_change_of_the_roll_waits_for_everybody_but_who_asked_for_it(
    session: Session, chain: Chain, secretary: Officer, other: Officer
) -> None:
    round = make_round(session, area=chain.estate, phase=Phase.VOTING)
    session.add(
        RollChange(
            round_id=round.id, act="strike", elector_id="one", name_masked="张*", reason="died",
            first_by=secretary.id, first_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert _piles(session, secretary) == []
    assert _piles(session, other) == [("roll_change", 1)]


def test_a_cut_waits_for_everybody_of_the_street_but_who_asked(
    session: Session, chain: Chain
) -> None:
    asker, other = (
        make_officer(session, area=chain.street, role=Role.STREET_OFFICER, name=name)
        for name in ("周强", "吴丽")
    )
    round = make_round(session, area=chain.estate, phase=Phase.PUBLICITY)
    session.add(
        BudgetCut(
            round_id=round.id, budget=1, reason="资金减少", day=NOW.date(), decided_by="街道党工委",
            first_by=asker.id, first_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert ("cut", 1) not in _piles(session, asker)
    assert ("cut", 1) in _piles(session, other)


def test_a_withdrawal_waits_for_everybody_of_the_street_but_who_asked(
    session: Session, chain: Chain, tmp_path: Path
) -> None:
    asker, other = (
        make_officer(session, area=chain.street, role=Role.STREET_OFFICER, name=name)
        for name in ("周强", "吴丽")
    )
    round = make_round(session, area=chain.estate, phase=Phase.SHORTLISTED)
    candidate = make_candidate(session, keyring(tmp_path), round)
    round.phase = "voting"
    session.add(
        Withdrawal(
            round_id=round.id, candidate_id=candidate.id, reason="管线冲突", day=NOW.date(),
            decided_by="街道办事处", first_by=asker.id, first_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert ("withdrawal", 1) not in _piles(session, asker)
    assert ("withdrawal", 1) in _piles(session, other)
