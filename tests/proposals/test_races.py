"""Two officers decide about one thing at once; beside each race its twin without the guard.

The twins run on PostgreSQL only: SQLite lets one writer in at a time, whatever the program forgets.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.areas import NOW
from tests.factories.proposals import make_appeal, make_nominated, make_proposal, pass_review
from tests.factories.rounds import make_round
from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.persistence.session import Database
from voting.proposals.models import Appeal, Candidate, CandidateSource, Proposal, ProposalDecision
from voting.proposals.rules import ProposalState
from voting.proposals.rules.screening import Answers, Verdict
from voting.proposals.service import decide_appeal, list_candidate, merge, screen
from voting.rounds.models import Round

CONTENDERS = 20
TWINS = 5


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


def _at_once(database, number, act):
    """Let the act run in that many transactions of their own, all begun in the same moment."""
    start = threading.Barrier(number)

    def run(turn):
        start.wait()
        try:
            with database.transaction() as session:
                act(session, turn)
        except Refusal as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(number) as pool:
        return Counter(pool.map(run, range(number)))


def _who(turn) -> dict[str, Any]:
    return {"now": NOW, "actor": Actor(f"officer{turn}", "王芳", "")}


def _decisions(database, kind):
    with database.reading() as session:
        found = select(func.count()).where(ProposalDecision.kind == kind)
        return session.scalar(found.select_from(ProposalDecision))


@pytest.fixture
def accepted(database, keys):
    with database.transaction() as session:
        round = make_round(session, phase="screening")
        return round.id, make_proposal(session, keys, round).id


def test_of_many_who_screen_at_once_one_decides(any_database, database, keys, accepted):
    round_id, proposal_id = accepted

    def act(session, turn):
        outcome = ProposalState.REFUSED if turn % 2 else ProposalState.RETURNED
        screen(
            session, **_who(turn), round_id=round_id, proposal_id=proposal_id, answers=Answers(),
            verdict=Verdict(outcome=outcome, reason="理由"),
        )  # fmt: skip

    told = _at_once(database, CONTENDERS, act)
    assert told == {"": 1, "WrongProposalState": CONTENDERS - 1}
    assert _decisions(database, "screening") == 1


def test_its_twin_without_lock_and_condition_decides_more_than_once(postgres_url, keys):
    database = Database(postgres_url)
    with database.transaction() as session:
        round = make_round(session, phase="screening")
        proposal_id = make_proposal(session, keys, round).id
    all_have_looked = threading.Barrier(TWINS)

    def act(session, turn):
        proposal = session.get_one(Proposal, proposal_id)
        assert proposal.state == "accepted"
        all_have_looked.wait()
        proposal.state = "refused" if turn % 2 else "returned"
        session.add(
            ProposalDecision(
                proposal_id=proposal_id, kind="screening", outcome=proposal.state, at=NOW,
                by=f"officer{turn}",
            )
        )  # fmt: skip

    assert _at_once(database, TWINS, act) == {"": TWINS}
    assert _decisions(database, "screening") == TWINS
    database.engine.dispose()


def test_of_many_who_decide_an_appeal_at_once_one_does(any_database, database, keys, accepted):
    round_id, proposal_id = accepted
    with database.transaction() as session:
        proposal = session.get_one(Proposal, proposal_id)
        proposal.state = "refused"
        make_appeal(session, proposal)

    def act(session, turn):
        decide_appeal(
            session, **_who(turn), round_id=round_id, proposal_id=proposal_id, reason="理由",
            verdict=Verdict(outcome=ProposalState.PASSED, reason="理由") if turn % 2 else None,
        )  # fmt: skip

    assert _at_once(database, CONTENDERS, act) == {"": 1, "AppealDecided": CONTENDERS - 1}
    assert _decisions(database, "appeal") == 1


def test_its_twin_without_lock_and_condition_decides_an_appeal_twice(postgres_url, keys):
    database = Database(postgres_url)
    with database.transaction() as session:
        proposal = make_proposal(session, keys, make_round(session, phase="screening"))
        proposal.state = "refused"
        make_appeal(session, proposal)
    all_have_looked = threading.Barrier(TWINS)

    def act(session, turn):
        appeal = session.get_one(Appeal, proposal.id)
        assert appeal.decided_at is None
        all_have_looked.wait()
        appeal.is_upheld, appeal.decided_at, appeal.decided_by = bool(turn % 2), NOW, f"o{turn}"

    assert _at_once(database, TWINS, act) == {"": TWINS}
    database.engine.dispose()


def test_a_proposal_merged_by_many_at_once_stands_behind_one(
    any_database, database, keys, accepted
):
    round_id, proposal_id = accepted
    with database.transaction() as session:
        round = session.get_one(Round, round_id)
        ids = [make_nominated(session, keys, round).id for _ in range(4)]

    def act(session, turn):
        merge(
            session, **_who(turn), round_id=round_id, candidate_id=ids[turn % 4],
            proposal_ids=[proposal_id], facts=None, reason="同一件事",
        )  # fmt: skip

    assert _at_once(database, CONTENDERS, act) == {"": 1, "ProposalTaken": CONTENDERS - 1}
    with database.reading() as session:
        behind = select(func.count()).where(CandidateSource.proposal_id == proposal_id)
        assert session.scalar(behind.select_from(CandidateSource)) == 1


def test_its_twin_without_the_lock_puts_one_proposal_behind_several(postgres_url, keys):
    database = Database(postgres_url)
    with database.transaction() as session:
        round = make_round(session, phase="screening")
        proposal_id = make_proposal(session, keys, round).id
        ids = [make_nominated(session, keys, round).id for _ in range(TWINS)]
    all_have_looked = threading.Barrier(TWINS)

    def act(session, turn):
        behind = select(CandidateSource).where(CandidateSource.proposal_id == proposal_id)
        assert session.scalars(behind).all() == []
        all_have_looked.wait()
        session.add(CandidateSource(candidate_id=ids[turn], proposal_id=proposal_id))

    assert _at_once(database, TWINS, act) == {"": TWINS}
    database.engine.dispose()


def test_a_candidate_listed_by_many_at_once_gets_one_number(any_database, database, keys, accepted):
    round_id, _proposal_id = accepted
    with database.transaction() as session:
        candidate = make_nominated(session, keys, session.get_one(Round, round_id))
        pass_review(session, candidate)

    def act(session, turn):
        list_candidate(session, **_who(turn), round_id=round_id, candidate_id=candidate.id)

    assert _at_once(database, CONTENDERS, act) == {"": 1, "WrongCandidateState": CONTENDERS - 1}
    with database.reading() as session:
        assert session.get_one(Candidate, candidate.id).ballot_number == 1
