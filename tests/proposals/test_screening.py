from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.areas import NOW
from tests.factories.proposals import make_nominated, make_proposal, send_from_phone
from tests.factories.rounds import make_round
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.proposals.models import Candidate
from voting.proposals.rules import ProposalState
from voting.proposals.rules.screening import (
    Answer,
    AnswerIsNo,
    AnswerMissing,
    Answers,
    DecisionReasonMissing,
    MergeTargetMissing,
    OfficeToAskMissing,
    OnNegativeList,
    Verdict,
)
from voting.proposals.rules.states import WrongProposalState
from voting.proposals.service import (
    MergedWithItself,
    NothingTicked,
    NotTakingProposals,
    TargetUndecided,
    accept,
    decisions_of,
    proposals_behind,
    screen,
    unresolved,
)

WORKER = Actor("worker", "王芳", "")
LATER = NOW + timedelta(hours=2)
ACT: dict[str, Any] = {"now": LATER, "actor": WORKER}
YES = Answers(legal=Answer.YES, feasible=Answer.YES, beneficial=Answer.YES, affordable=Answer.YES)


@pytest.fixture
def round(session):
    return make_round(session, phase="screening")


def _screen(session, round, proposal, outcome, *, answers=YES, reason="理由", **more):
    verdict = Verdict(outcome=ProposalState(outcome), reason=reason, **more)
    return screen(
        session, **ACT, round_id=round.id, proposal_id=proposal.id, answers=answers, verdict=verdict
    )


def test_many_are_accepted_at_once_and_each_keeps_its_decision(session, keys, round):
    made = [send_from_phone(session, keys, round, title=f"建议{n}") for n in range(3)]
    ids = [one.id for one in made]
    accept(session, **ACT, round_id=round.id, proposal_ids=[*ids, ids[0]])
    assert {one.state for one in made} == {"accepted"}
    for one in made:
        last = decisions_of(session, one.id)[-1]
        assert (last.kind, last.outcome, last.at, last.by) == (
            "acceptance", "accepted", LATER, "worker",
        )  # fmt: skip


def test_if_one_of_many_cannot_be_accepted_the_sentence_names_it(session, keys, round):
    waiting = send_from_phone(session, keys, round)
    done = make_proposal(session, keys, round, title="路灯")
    with pytest.raises(WrongProposalState, match=r"路灯.*已受理"):
        accept(session, **ACT, round_id=round.id, proposal_ids=[waiting.id, done.id])
    with pytest.raises(NothingTicked):
        accept(session, **ACT, round_id=round.id, proposal_ids=[])


def test_what_is_entered_from_paper_is_accepted_and_says_so(session, keys, round):
    proposal = make_proposal(session, keys, round)
    (decision,) = decisions_of(session, proposal.id)
    assert (proposal.source, decision.kind, decision.outcome) == (
        "paper", "acceptance", "accepted",
    )  # fmt: skip
    assert "代填" in decision.notes


def test_a_decision_keeps_answers_notes_and_reason(session, keys, round):
    proposal = make_proposal(session, keys, round)
    answers = Answers(
        legal=Answer.NO, feasible=Answer.UNCLEAR, negative=("owner", "planned"),
        notes={"feasible": "要问供电局", "legal": ""},
    )  # fmt: skip
    _screen(session, round, proposal, "passed_on", answers=answers, passed_to="物业公司")
    last = decisions_of(session, proposal.id)[-1]
    assert (last.legal, last.feasible, last.beneficial) == ("no", "unclear", None)
    assert last.notes == (
        "负面清单：① 物业、业主或产权单位自己该做的；② 和在建、拟建的政府项目重复\n可行性：要问供电局"
    )
    assert (last.reason, last.passed_to) == ("理由", "物业公司")
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.idx.desc()).limit(1)).one()
    assert (entry.act, entry.object_id) == ("proposal.screen", proposal.id)
    assert "理由" not in entry.details


@pytest.mark.parametrize(
    ("outcome", "answers", "more", "refusal"),
    [
        ("passed", Answers(), {}, AnswerMissing),
        ("passed", Answers(legal=Answer.YES), {}, AnswerMissing),
        (
            "passed",
            Answers(
                legal=Answer.YES, feasible=Answer.NO, beneficial=Answer.YES, affordable=Answer.YES
            ),
            {},
            AnswerIsNo,
        ),
        ("refused", Answers(legal=Answer.YES, negative=("profit",)), {}, OnNegativeList),
        ("refused", Answers(), {"reason": ""}, DecisionReasonMissing),
        ("passed_on", Answers(), {}, OfficeToAskMissing),
        ("merged", Answers(), {}, MergeTargetMissing),
    ],
)
def test_a_verdict_that_lacks_something_decides_nothing(
    session, keys, round, outcome, answers, more, refusal
):
    proposal = make_proposal(session, keys, round)
    with pytest.raises(refusal):
        _screen(session, round, proposal, outcome, answers=answers, **more)
    assert proposal.state == "accepted"
    assert len(decisions_of(session, proposal.id)) == 1


def test_an_unclear_answer_does_not_hinder(session, keys, round):
    proposal = make_proposal(session, keys, round)
    unclear = Answers(
        legal=Answer.YES, feasible=Answer.UNCLEAR, beneficial=Answer.YES, affordable=Answer.UNCLEAR
    )
    assert _screen(session, round, proposal, "passed", answers=unclear).state == "passed"


def test_merging_with_a_candidate_puts_the_proposal_behind_it(session, keys, round):
    candidate = make_nominated(session, keys, round)
    proposal = make_proposal(session, keys, round, title="也要扶手")
    _screen(session, round, proposal, "merged", candidate_id=candidate.id)
    behind = proposals_behind(session, round.id)[candidate.id]
    assert [one.state for one in behind] == ["merged", "merged"]
    assert decisions_of(session, proposal.id)[-1].candidate_id == candidate.id


def test_merging_with_a_proposal_that_passed_makes_a_candidate_of_both(session, keys, round):
    first = make_proposal(session, keys, round, title="装扶手")
    second = make_proposal(session, keys, round, title="楼道扶手")
    with pytest.raises(TargetUndecided, match="装扶手"), session.begin_nested():
        _screen(session, round, second, "merged", proposal_id=first.id)
    session.refresh(second)
    _screen(session, round, first, "passed")
    _screen(session, round, second, "merged", proposal_id=first.id)
    candidate = session.scalars(select(Candidate)).one()
    assert (candidate.title, candidate.state, candidate.cost) == ("装扶手", "nominated", 0)
    assert {one.state for one in proposals_behind(session, round.id)[candidate.id]} == {"merged"}
    third = make_proposal(session, keys, round)
    _screen(session, round, third, "merged", proposal_id=second.id)
    assert len(proposals_behind(session, round.id)[candidate.id]) == 3


def test_nothing_is_merged_with_itself_or_with_another_round(session, keys, round):
    proposal = make_proposal(session, keys, round)
    other = make_round(session, phase="screening")
    foreign = make_nominated(session, keys, other)
    with pytest.raises(MergedWithItself), session.begin_nested():
        _screen(session, round, proposal, "merged", proposal_id=proposal.id)
    for more in ({"candidate_id": foreign.id}, {"candidate_id": "x"}, {"proposal_id": "\x00"}):
        with pytest.raises(NotFound), session.begin_nested():
            _screen(session, round, proposal, "merged", **more)
    session.refresh(proposal)
    assert proposal.state == "accepted"


def test_a_round_that_is_paused_decides_nothing(session, keys, round):
    proposal = make_proposal(session, keys, round)
    round.phase, round.phase_before_pause = "paused", "screening"
    with pytest.raises(NotTakingProposals):
        _screen(session, round, proposal, "passed")


def test_what_waits_is_counted(session, keys, round):
    assert unresolved(session, round.id) == 0
    waiting = send_from_phone(session, keys, round)
    accepted = make_proposal(session, keys, round)
    assert unresolved(session, round.id) == 2
    accept(session, **ACT, round_id=round.id, proposal_ids=[waiting.id])
    _screen(session, round, waiting, "returned")
    _screen(session, round, accepted, "refused")
    assert unresolved(session, round.id) == 1
