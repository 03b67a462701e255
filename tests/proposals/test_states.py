"""Every state of a proposal and of a candidate, times every act: what is allowed happens and is kept, all
else is refused with a sentence and changes nothing. Which role may act is asked of the pages themselves.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.factories.areas import NOW
from tests.factories.proposals import (
    candidate_facts,
    make_nominated,
    make_proposal,
    review_facts,
)
from tests.factories.rounds import make_round
from voting.errors import Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.proposals.models import (
    CANDIDATE_STATES,
    PROPOSAL_STATES,
    Appeal,
    Candidate,
    MergeChange,
    Proposal,
    ProposalDecision,
)
from voting.proposals.rules import CandidateState, ProposalState
from voting.proposals.rules.screening import Answer, Answers, Verdict
from voting.proposals.rules.states import (
    CANDIDATE_STATE_NAMES,
    CANDIDATE_STEPS,
    PROPOSAL_STATE_NAMES,
    PROPOSAL_STEPS,
)
from voting.proposals.service import (
    accept,
    decide_appeal,
    list_candidate,
    merge,
    nominate,
    reserve,
    review,
    screen,
    split,
    supplement,
    take_off,
)

LATER = NOW + timedelta(hours=1)
STREET = Actor("street", "街道", "")
ACT: dict[str, Any] = {"now": LATER, "actor": STREET}
YES = Answers(legal=Answer.YES, feasible=Answer.YES, beneficial=Answer.YES, affordable=Answer.YES)
FIVE = ("passed", "returned", "merged", "passed_on", "refused")


def _verdict(outcome, target):
    return Verdict(
        outcome=ProposalState(outcome), reason="理由", passed_to="物业", candidate_id=target
    )


def _screen(outcome):
    def act(session, round, proposal, _own, target):
        screen(
            session, **ACT, round_id=round.id, proposal_id=proposal.id, answers=YES,
            verdict=_verdict(outcome, target.id),
        )  # fmt: skip

    return act


def _uphold(outcome):
    def act(session, round, proposal, _own, target):
        decide_appeal(
            session, **ACT, round_id=round.id, proposal_id=proposal.id, reason="理由",
            verdict=_verdict(outcome, target.id),
        )  # fmt: skip

    return act


def _accept(session, round, proposal, _own, _target):
    accept(session, **ACT, round_id=round.id, proposal_ids=[proposal.id])


def _supplement(session, round, proposal, _own, _target):
    supplement(session, **ACT, round_id=round.id, proposal_id=proposal.id)


def _merge(session, round, proposal, _own, target):
    merge(
        session, **ACT, round_id=round.id, candidate_id=target.id, proposal_ids=[proposal.id],
        facts=None, reason="同一件事",
    )  # fmt: skip


def _nominate(session, round, proposal, _own, _target):
    nominate(session, **ACT, round_id=round.id, proposal_ids=[proposal.id], facts=candidate_facts())


def _split(session, round, proposal, own, _target):
    split(
        session, **ACT, round_id=round.id, candidate_id=own.id, proposal_id=proposal.id,
        reason="两处地方",
    )  # fmt: skip


def _review(is_passed):
    def act(session, round, _proposal, own, _target):
        review(
            session, **ACT, round_id=round.id, candidate_id=own.id,
            facts=review_facts(is_passed=is_passed),
        )  # fmt: skip

    return act


# act: what does it, from which states, to where, whether the proposal stands behind a candidate before it
ACTS = {
    "accept": (_accept, {"received"}, "accepted", False),
    "supplement": (_supplement, {"returned"}, "received", False),
    "screen: passed": (_screen("passed"), {"accepted"}, "passed", False),
    "screen: returned": (_screen("returned"), {"received", "accepted"}, "returned", False),
    "screen: merged": (_screen("merged"), {"accepted"}, "merged", False),
    "screen: passed_on": (_screen("passed_on"), {"received", "accepted"}, "passed_on", False),
    "screen: refused": (_screen("refused"), {"received", "accepted"}, "refused", False),
    "uphold: passed": (
        _uphold("passed"), {"returned", "merged", "passed_on", "refused"}, "passed", False,
    ),
    "uphold: returned": (
        _uphold("returned"), {"merged", "passed_on", "refused"}, "returned", False,
    ),
    "uphold: merged": (
        _uphold("merged"), {"returned", "merged", "passed_on", "refused"}, "merged", False,
    ),
    "uphold: passed_on": (
        _uphold("passed_on"), {"returned", "merged", "refused"}, "passed_on", False,
    ),
    "uphold: refused": (
        _uphold("refused"), {"returned", "merged", "passed_on"}, "refused", False,
    ),
    "merge": (_merge, {"accepted", "passed", "merged"}, "merged", False),
    "nominate": (_nominate, {"accepted", "passed"}, "passed", False),
    "split": (
        _split, {"passed", "merged", "review_passed", "review_failed"}, "accepted", True,
    ),
    "review: passed": (
        _review(is_passed=True), {"passed", "merged", "review_passed", "review_failed"},
        "review_passed", True,
    ),
    "review: failed": (
        _review(is_passed=False), {"passed", "merged", "review_passed", "review_failed"},
        "review_failed", True,
    ),
}  # fmt: skip


def _kept(session):
    counted = (ProposalDecision, MergeChange, JournalEntry)
    return [session.scalar(select(func.count()).select_from(table)) for table in counted]


def _appealed(session, proposal):
    decision = ProposalDecision(
        proposal_id=proposal.id, kind="screening", outcome="refused", reason="x", at=NOW, by="w"
    )
    session.add(decision)
    session.flush()
    session.add(
        Appeal(
            proposal_id=proposal.id, decision_id=decision.id, against_by="w", words="不同意",
            made_at=NOW,
        )
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize("name", ACTS)
def test_every_act_on_every_state_of_a_proposal(session, keys, name):
    act, allowed, after, is_behind = ACTS[name]
    round = make_round(session, phase="screening")
    target = make_nominated(session, keys, round, proposals=2)
    for state in PROPOSAL_STATES:
        own = make_nominated(session, keys, round) if is_behind else None
        proposal = make_proposal(session, keys, round, title=f"{name} {state}")
        if own is not None:
            merge(
                session, now=NOW, actor=STREET, round_id=round.id, candidate_id=own.id,
                proposal_ids=[proposal.id], facts=None, reason="x",
            )  # fmt: skip
        session.execute(update(Proposal).where(Proposal.id == proposal.id).values(state=state))
        session.refresh(proposal)
        if name.startswith("uphold"):
            _appealed(session, proposal)
        before = _kept(session)
        if state in allowed:
            act(session, round, proposal, own, target)
            session.refresh(proposal)
            assert proposal.state == after, state
            decisions, _changes, entries = _kept(session)
            assert entries > before[2], state
            assert decisions > before[0] or name == "supplement", state
        else:
            with pytest.raises(Refusal) as refused, session.begin_nested():
                act(session, round, proposal, own, target)
            assert str(refused.value), state
            session.refresh(proposal)
            assert (proposal.state, _kept(session)) == (state, before), state


def _list(session, round, candidate):
    list_candidate(session, **ACT, round_id=round.id, candidate_id=candidate.id, unreviewed="急")


def _take_off(session, round, candidate):
    take_off(session, **ACT, round_id=round.id, candidate_id=candidate.id)


def _reserve(session, round, candidate):
    reserve(session, **ACT, round_id=round.id, candidate_id=candidate.id)


def _empty(session, round, candidate):
    split(
        session, **ACT, round_id=round.id, candidate_id=candidate.id, proposal_id=None, reason="拆"
    )


def _pass(session, round, candidate):
    review(session, **ACT, round_id=round.id, candidate_id=candidate.id, facts=review_facts())


CANDIDATE_ACTS = {
    "list": (_list, {"nominated": "listed", "reserve": "listed"}),
    "take off": (_take_off, {"listed": "reserve", "nominated": "reserve"}),
    "reserve": (_reserve, {"listed": "reserve", "nominated": "reserve"}),
    "split": (_empty, {"nominated": "reserve", "reserve": "reserve"}),
    "review": (
        _pass, {"nominated": "nominated", "reserve": "reserve", "listed": "listed"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CANDIDATE_ACTS)
def test_every_act_on_every_state_of_a_candidate(session, keys, name):
    act, allowed = CANDIDATE_ACTS[name]
    round = make_round(session, phase="deliberating")
    for number, state in enumerate(CANDIDATE_STATES, 1):
        candidate = make_nominated(session, keys, round, title=f"{name} {state}")
        listed = {"ballot_number": number * 100} if state == "listed" else {}
        session.execute(
            update(Candidate).where(Candidate.id == candidate.id).values(state=state, **listed)
        )
        session.refresh(candidate)
        before = _kept(session)
        if state in allowed:
            act(session, round, candidate)
            session.refresh(candidate)
            assert candidate.state == allowed[state], state
            assert (candidate.ballot_number is not None) is (candidate.state == "listed"), state
            assert _kept(session)[2] > before[2], state
        else:
            with pytest.raises(Refusal) as refused, session.begin_nested():
                act(session, round, candidate)
            assert str(refused.value), state
            session.refresh(candidate)
            assert (candidate.state, _kept(session)) == (state, before), state


def test_every_state_has_a_name_and_a_way_to_it():
    assert set(PROPOSAL_STATE_NAMES) == set(ProposalState) == set(PROPOSAL_STATES)
    assert set(CANDIDATE_STATE_NAMES) == set(CandidateState) == set(CANDIDATE_STATES)
    assert {step.after for step in PROPOSAL_STEPS} == set(ProposalState)
    assert {step.after for step in CANDIDATE_STEPS} == set(CandidateState)
