from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.areas import NOW
from tests.factories.proposals import make_appeal, make_nominated, make_proposal
from tests.factories.rounds import make_round
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.proposals.models import Appeal
from voting.proposals.rules import ProposalState
from voting.proposals.rules.screening import Answers, DecisionReasonMissing, Verdict
from voting.proposals.service import (
    AppealDecided,
    AppealOpen,
    SameOfficer,
    SameOutcome,
    appeals_in,
    decide_appeal,
    decisions_of,
    open_appeals,
    proposals_behind,
    screen,
    supplement,
    unresolved,
)

WORKER, STREET = Actor("worker", "王芳", ""), Actor("street", "李敏", "")
ACT: dict[str, Any] = {"now": NOW + timedelta(days=1), "actor": STREET}
PASSED = Verdict(outcome=ProposalState.PASSED, reason="再看了一次，可以办。")


@pytest.fixture
def round(session):
    return make_round(session, phase="screening")


@pytest.fixture
def refused(session, keys, round):
    """A proposal that the worker refused, and whose proposer appealed."""
    proposal = make_proposal(session, keys, round)
    screen(
        session, now=NOW, actor=WORKER, round_id=round.id, proposal_id=proposal.id,
        answers=Answers(), verdict=Verdict(outcome=ProposalState.REFUSED, reason="不办"),
    )  # fmt: skip
    make_appeal(session, proposal)
    return proposal


def _decide(session, round, proposal, verdict=PASSED, *, reason="再看了一次，可以办。", **who):
    return decide_appeal(
        session, **(ACT | who), round_id=round.id, proposal_id=proposal.id, verdict=verdict,
        reason=reason,
    )  # fmt: skip


def test_an_appeal_that_is_upheld_gives_a_new_outcome_with_its_reason(session, round, refused):
    assert (open_appeals(session, round.id), unresolved(session, round.id)) == (1, 1)
    appeal = _decide(session, round, refused)
    assert (appeal.is_upheld, appeal.decided_by, refused.state) == (True, "street", "passed")
    last = decisions_of(session, refused.id)[-1]
    assert (last.kind, last.outcome, last.reason) == ("appeal", "passed", "再看了一次，可以办。")
    assert (open_appeals(session, round.id), unresolved(session, round.id)) == (0, 0)


def test_an_appeal_that_is_not_upheld_leaves_the_outcome_and_says_why(session, round, refused):
    appeal = _decide(session, round, refused, None, reason="确实不归微实事管。")
    assert (appeal.is_upheld, appeal.reason) == (False, "确实不归微实事管。")
    last = decisions_of(session, refused.id)[-1]
    assert (refused.state, last.kind, last.outcome) == ("refused", "appeal", "refused")
    assert last.reason == "确实不归微实事管。"


def test_who_decided_does_not_decide_again(session, round, refused):
    with pytest.raises(SameOfficer):
        _decide(session, round, refused, actor=WORKER)
    assert refused.state == "refused"


def test_the_database_itself_wants_another_officer(session, refused):
    appeal = session.get_one(Appeal, refused.id)
    appeal.decided_by, appeal.decided_at, appeal.is_upheld = "worker", NOW, False
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_appeal_is_decided_once(session, round, refused):
    _decide(session, round, refused, None)
    with pytest.raises(AppealDecided):
        _decide(session, round, refused)
    assert refused.state == "refused"


def test_an_appeal_is_decided_with_a_reason_and_a_change(session, round, refused):
    with pytest.raises(DecisionReasonMissing):
        _decide(session, round, refused, reason="")
    with pytest.raises(SameOutcome):
        _decide(session, round, refused, Verdict(outcome=ProposalState.REFUSED, reason="x"))


def test_what_is_under_appeal_is_not_taken_up_again(session, round, refused):
    refused.state = "returned"
    session.flush()
    on = {**ACT, "round_id": round.id, "proposal_id": refused.id}
    with pytest.raises(AppealOpen):
        supplement(session, **on)
    _decide(session, round, refused, None)
    assert supplement(session, **on).state == "received"


def test_one_proposal_has_one_appeal(session, refused):
    with pytest.raises(IntegrityError):
        make_appeal(session, refused)


def test_without_an_appeal_there_is_nothing_to_decide(session, keys, round):
    with pytest.raises(NotFound):
        _decide(session, round, make_proposal(session, keys, round))


def test_a_merged_proposal_that_is_upheld_leaves_its_candidate(session, keys, round):
    candidate = make_nominated(session, keys, round, proposals=2)
    proposal = make_proposal(session, keys, round)
    screen(
        session, now=NOW, actor=WORKER, round_id=round.id, proposal_id=proposal.id,
        answers=Answers(),
        verdict=Verdict(
            outcome=ProposalState.MERGED, reason="一样的", candidate_id=candidate.id
        ),
    )  # fmt: skip
    make_appeal(session, proposal)
    _decide(session, round, proposal)
    assert proposal.state == "passed"
    assert proposal not in proposals_behind(session, round.id)[candidate.id]


def test_the_undecided_stand_first_and_name_who_decided(session, keys, round, refused):
    officer = make_officer(session, name="王芳")
    other = make_proposal(session, keys, round, title="另一条")
    make_appeal(session, other, by=officer.id)
    _decide(session, round, refused, None)
    found = appeals_in(session, round.id)
    assert [line.proposal.id for line in found.lines] == [other.id, refused.id]
    assert (found.lines[0].against, found.lines[1].against_name) == ("王芳", "不予受理")
