from datetime import timedelta
from typing import Any

import pytest

from tests.factories.areas import NOW
from tests.factories.proposals import (
    candidate_facts,
    make_candidate,
    make_nominated,
    make_proposal,
    send_from_phone,
)
from tests.factories.rounds import make_round
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.proposals.rules import ProposalState
from voting.proposals.rules.screening import Answer, Answers, Verdict
from voting.proposals.service import (
    LastOnList,
    MergeReasonMissing,
    NotBehind,
    NothingChosen,
    ProposalTaken,
    ProposalUndecided,
    changes_of,
    conflicts_of,
    decisions_of,
    merge,
    nominate,
    person_key,
    screen,
    sources_of,
    split,
    unresolved,
)
from voting.rounds.models import Appointment

ACT: dict[str, Any] = {"now": NOW + timedelta(hours=1), "actor": COMMAND_LINE}
LATER: dict[str, Any] = {"now": NOW + timedelta(hours=2), "actor": COMMAND_LINE}
YES = Answers(legal=Answer.YES, feasible=Answer.YES, beneficial=Answer.YES, affordable=Answer.YES)


@pytest.fixture
def round(session):
    return make_round(session, phase="screening")


def _passed(session, keys, round, **changes):
    proposal = make_proposal(session, keys, round, **changes)
    screen(
        session, now=NOW, actor=COMMAND_LINE, round_id=round.id, proposal_id=proposal.id,
        answers=YES, verdict=Verdict(outcome=ProposalState.PASSED, reason="通过"),
    )  # fmt: skip
    return proposal


def _merge(session, round, ids, *, into=None, facts=None, reason="同一件事"):
    return merge(
        session, **ACT, round_id=round.id, candidate_id=into, proposal_ids=ids, facts=facts,
        reason=reason,
    )  # fmt: skip


def _split(session, round, candidate, proposal=None, *, reason="两处地方"):
    return split(
        session, **LATER, round_id=round.id, candidate_id=candidate.id,
        proposal_id=proposal.id if proposal else None, reason=reason,
    )  # fmt: skip


def test_one_proposal_stays_passed_and_many_are_merged(session, keys, round):
    one = _passed(session, keys, round)
    nominate(session, **ACT, round_id=round.id, proposal_ids=[one.id], facts=candidate_facts())
    assert one.state == "passed"
    two = [_passed(session, keys, round) for _ in range(2)]
    made = _merge(session, round, [each.id for each in two], facts=candidate_facts())
    assert [each.state for each in two] == ["merged", "merged"]
    assert (made.state, made.ballot_number) == ("nominated", None)
    assert decisions_of(session, two[0].id)[-1].reason == "同一件事"


def test_adding_to_a_candidate_of_one_makes_both_merged(session, keys, round):
    one, other = _passed(session, keys, round), _passed(session, keys, round)
    there = nominate(
        session, **ACT, round_id=round.id, proposal_ids=[one.id], facts=candidate_facts()
    )
    _merge(session, round, [other.id], into=there.id)
    session.refresh(one)
    assert (one.state, other.state) == ("merged", "merged")
    assert {line.change.act for line in changes_of(session, there.id)} == {"join"}
    assert {line.change.reason for line in changes_of(session, there.id)} == {"", "同一件事"}


def test_what_is_split_off_stands_where_it_stood_by_itself(session, keys, round):
    passed = _passed(session, keys, round)
    accepted = make_proposal(session, keys, round)
    third = _passed(session, keys, round)
    ids = [passed.id, accepted.id, third.id]
    candidate = _merge(session, round, ids, facts=candidate_facts())
    assert unresolved(session, round.id) == 0
    _split(session, round, candidate, passed)
    _split(session, round, candidate, accepted)
    assert (passed.state, accepted.state, third.state) == ("passed", "accepted", "merged")
    assert unresolved(session, round.id) == 1
    assert decisions_of(session, passed.id)[-1].reason == "两处地方"
    left = [line.title for line in changes_of(session, candidate.id) if line.change.act == "leave"]
    assert len(left) == 2
    again = _merge(session, round, [passed.id, accepted.id], facts=candidate_facts())
    assert len(sources_of(session, again.id)) == 2


def test_a_candidate_without_proposals_goes_off_the_meetings_list(session, keys, round):
    candidate = make_nominated(session, keys, round, proposals=2)
    _split(session, round, candidate)
    assert (candidate.state, sources_of(session, candidate.id)) == ("reserve", [])
    with pytest.raises(NotBehind):
        _split(session, round, candidate)


def test_a_listed_candidate_keeps_one_proposal(session, keys, round):
    candidate = make_candidate(session, keys, round)
    extra = _passed(session, keys, round)
    _merge(session, round, [extra.id], into=candidate.id)
    _split(session, round, candidate, extra)
    with pytest.raises(LastOnList):
        _split(session, round, candidate)
    assert candidate.state == "listed"


def test_merging_and_splitting_need_a_reason(session, keys, round):
    candidate = make_nominated(session, keys, round)
    with pytest.raises(MergeReasonMissing):
        _merge(session, round, ["x"], facts=candidate_facts(), reason="")
    with pytest.raises(MergeReasonMissing):
        _split(session, round, candidate, reason="")


def test_what_cannot_be_merged_is_named(session, keys, round):
    candidate = make_nominated(session, keys, round)
    behind = sources_of(session, candidate.id)[0]
    waiting = send_from_phone(session, keys, round, title="路灯")
    with pytest.raises(ProposalUndecided, match="路灯"):
        _merge(session, round, [waiting.id], into=candidate.id)
    with pytest.raises(ProposalTaken):
        _merge(session, round, [behind.id], into=candidate.id)
    with pytest.raises(NothingChosen):
        _merge(session, round, [], into=candidate.id)
    with pytest.raises(NothingChosen):
        _merge(session, round, [waiting.id])


def test_another_rounds_candidate_and_proposals_are_not_found(session, keys, round):
    other = make_round(session, phase="screening")
    foreign, mine = make_nominated(session, keys, other), make_nominated(session, keys, round)
    strange = make_proposal(session, keys, other)
    own = make_proposal(session, keys, round)
    for ids, into in (([own.id], foreign.id), ([strange.id], mine.id), ([own.id], "\x00")):
        with pytest.raises(NotFound):
            _merge(session, round, ids, into=into)
    with pytest.raises(NotFound):
        _split(session, round, foreign)
    with pytest.raises(NotBehind):
        _split(session, round, mine, strange)


def test_whoever_proposed_any_of_the_merged_does_not_count(session, keys, round):
    candidate = make_candidate(session, keys, round, proposer="李秀英")
    late = _passed(session, keys, round, proposer_name="张建国", phone="")
    session.add(
        Appointment(
            round_id=round.id, duty="monitor", name="张建国",
            person_key=person_key(keys, "张建国"), slip_hash=b"slip", appointed_at=NOW,
            appointed_by="o",
        )
    )  # fmt: skip
    assert conflicts_of(session, round.id) == []
    _merge(session, round, [late.id], into=candidate.id)
    assert [one.candidate for one in conflicts_of(session, round.id)] == [candidate.title]
    _split(session, round, candidate, late)
    assert conflicts_of(session, round.id) == []
