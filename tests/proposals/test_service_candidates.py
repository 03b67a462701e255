from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tests.factories.areas import NOW
from tests.factories.proposals import candidate_facts, make_candidate, make_proposal
from tests.factories.rounds import make_plan, make_round
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.proposals.models import Candidate
from voting.proposals.service import (
    CostAboveBudget,
    NothingChosen,
    NotReviewed,
    NotTakingProposals,
    NumbersNotDistinct,
    NumberTaken,
    ProposalTaken,
    candidates_of,
    change_candidate,
    get_candidate,
    off_list,
    proposals_behind,
    put_back,
    renumber,
    shortlist,
    take_off,
)
from voting.rounds.models import Round
from voting.rounds.rules import Allocation
from voting.rounds.service import RulesFrozen

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


@pytest.fixture
def round(session):
    return make_round(session, phase="deliberating")


def _numbers(session, round):
    return [(one.ballot_number, one.title) for one in candidates_of(session, round.id)]


def _freeze(session, round):
    frozen = {"frozen_at": NOW, "config": "{}", "config_hash": b"hash", "phase": "vote_announced"}
    session.execute(update(Round).where(Round.id == round.id).values(frozen))
    session.expire_all()


def test_one_candidate_is_made_of_several_proposals(session, keys, round):
    proposals = [make_proposal(session, keys, round, title=f"扶手{n}") for n in range(3)]
    ids = [proposal.id for proposal in proposals]
    candidate = shortlist(
        session, **ACT, round_id=round.id, proposal_ids=[*ids, ids[0]], facts=candidate_facts()
    )
    assert candidate.ballot_number == 1
    assert {one.id for one in proposals_behind(session, round.id)[candidate.id]} == set(ids)
    session.expire_all()
    assert {proposal.state for proposal in proposals} == {"merged"}
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.idx.desc()).limit(1)).one()
    assert (entry.act, entry.object_id) == ("candidate.shortlist", candidate.id)


def test_numbers_are_given_in_order_and_gaps_are_filled(session, keys, round):
    first, second, third = (make_candidate(session, keys, round) for _ in range(3))
    assert [first.ballot_number, second.ballot_number, third.ballot_number] == [1, 2, 3]
    take_off(session, **ACT, round_id=round.id, candidate_id=second.id)
    assert make_candidate(session, keys, round).ballot_number == 2


def test_a_number_that_is_taken_names_who_has_it(session, keys, round):
    make_candidate(session, keys, round, number=5, title="路灯")
    with pytest.raises(NumberTaken, match="5 号已经是“路灯”"):
        make_candidate(session, keys, round, number=5)


def test_two_rounds_count_for_themselves(session, keys, round):
    other = make_round(session, phase="collecting")
    assert make_candidate(session, keys, round, number=5).ballot_number == 5
    assert make_candidate(session, keys, other, number=5).ballot_number == 5


def test_the_database_itself_refuses_one_number_twice(session, keys, round):
    one, other = (make_candidate(session, keys, round) for _ in range(2))
    with pytest.raises(IntegrityError):
        session.execute(
            update(Candidate)
            .where(Candidate.id == other.id)
            .values(ballot_number=one.ballot_number)
        )


@pytest.mark.parametrize("number", [-1, 1000, 10**12])
def test_a_number_no_ballot_has_is_refused(session, keys, round, number):
    with pytest.raises(NumbersNotDistinct):
        make_candidate(session, keys, round, number=number)


def test_a_candidate_needs_a_proposal_of_this_round(session, keys, round):
    foreign = make_proposal(session, keys, make_round(session, phase="collecting"))
    facts = candidate_facts()
    with pytest.raises(NothingChosen):
        shortlist(session, **ACT, round_id=round.id, proposal_ids=[], facts=facts)
    for id in (foreign.id, "x", "\x00"):
        with pytest.raises(NotFound):
            shortlist(session, **ACT, round_id=round.id, proposal_ids=[id], facts=facts)


def test_a_proposal_stands_behind_one_candidate(session, keys, round):
    proposal = make_proposal(session, keys, round, title="扶手")
    shortlist(
        session, **ACT, round_id=round.id, proposal_ids=[proposal.id], facts=candidate_facts()
    )
    with pytest.raises(ProposalTaken, match="扶手"):
        shortlist(
            session, **ACT, round_id=round.id, proposal_ids=[proposal.id], facts=candidate_facts()
        )


def test_a_candidate_above_the_budget_could_never_be_funded(session, keys, round):
    with pytest.raises(CostAboveBudget, match="30 万元"):
        make_candidate(session, keys, round, cost=round.budget + 1)
    assert make_candidate(session, keys, round, cost=round.budget).cost == round.budget


def test_where_the_first_k_are_funded_the_cost_is_no_hindrance(session, keys):
    plan = make_plan(allocation=Allocation.TOP_K, funded_count=3)
    round = make_round(session, phase="collecting", plan=plan)
    assert make_candidate(session, keys, round, cost=round.budget + 1).cost > round.budget


def test_a_candidate_is_changed_and_may_take_a_free_number(session, keys, round):
    candidate = make_candidate(session, keys, round)
    make_candidate(session, keys, round, number=2, title="路灯")
    change = {**ACT, "round_id": round.id, "candidate_id": candidate.id}
    facts = candidate_facts(title="换路灯", picture="a" * 64)
    change_candidate(session, **change, facts=facts, ballot_number=9)
    assert (candidate.title, candidate.picture, candidate.ballot_number) == ("换路灯", "a" * 64, 9)
    change_candidate(session, **change, facts=facts)
    assert candidate.ballot_number == 9
    with pytest.raises(NumberTaken):
        change_candidate(session, **change, facts=facts, ballot_number=2)


def test_who_is_taken_off_keeps_everything_and_can_come_back(session, keys, round):
    candidate = make_candidate(session, keys, round, title="扶手")
    take_off(session, **ACT, round_id=round.id, candidate_id=candidate.id)
    assert candidates_of(session, round.id) == []
    assert off_list(session, round.id) == [candidate]
    session.expire_all()
    behind = proposals_behind(session, round.id)[candidate.id]
    assert [proposal.state for proposal in behind] == ["passed"]
    assert candidate.state == "reserve"
    on = {**ACT, "round_id": round.id, "candidate_id": candidate.id}
    with pytest.raises(NotReviewed, match="扶手"):
        put_back(session, **on)
    put_back(session, **on, unreviewed="大会时间紧，街道已经口头核过价。")
    assert _numbers(session, round) == [(1, "扶手")]


def test_who_is_off_the_list_can_be_changed_and_stays_off(session, keys, round):
    candidate = make_candidate(session, keys, round)
    on = {**ACT, "round_id": round.id, "candidate_id": candidate.id}
    take_off(session, **on)
    change_candidate(session, **on, facts=candidate_facts(title="别的"), ballot_number=4)
    assert (candidate.title, candidate.ballot_number) == ("别的", None)


def test_should_the_look_be_forgotten_the_key_refuses_one_number_twice(
    session, keys, round, monkeypatch
):
    make_candidate(session, keys, round, number=4)
    monkeypatch.setattr(session, "scalar", lambda *_: None)
    with pytest.raises(NumberTaken):
        make_candidate(session, keys, round, number=4)


def test_putting_back_who_is_there_changes_nothing(session, keys, round):
    candidate = make_candidate(session, keys, round, number=4)
    put_back(session, **ACT, round_id=round.id, candidate_id=candidate.id)
    assert candidate.ballot_number == 4


def test_two_candidates_swap_their_numbers(any_database, session, keys, round):
    one, other = (make_candidate(session, keys, round, title=title) for title in ("甲", "乙"))
    renumber(session, **ACT, round_id=round.id, numbers={one.id: 2, other.id: 1})
    assert _numbers(session, round) == [(1, "乙"), (2, "甲")]


@pytest.mark.parametrize("numbers", [(1, 1), (0, 1), (1, 1000), (-1, 2), (1, None)])
def test_new_numbers_must_be_one_for_each(session, keys, round, numbers):
    made = [make_candidate(session, keys, round) for _ in range(2)]
    wanted = {one.id: n for one, n in zip(made, numbers, strict=True) if n is not None}
    with pytest.raises(NumbersNotDistinct):
        renumber(session, **ACT, round_id=round.id, numbers=wanted)
    assert [number for number, _ in _numbers(session, round)] == [1, 2]


def test_another_rounds_candidate_is_not_found(session, keys, round):
    foreign = make_candidate(session, keys, make_round(session, phase="collecting"))
    for id in (foreign.id, "x", "", "\x00"):
        with pytest.raises(NotFound):
            get_candidate(session, id, round_id=round.id)
    with pytest.raises(NotFound):
        take_off(session, **ACT, round_id=round.id, candidate_id=foreign.id)


def test_before_the_approval_there_is_no_list(session, keys, round):
    candidate = make_candidate(session, keys, round)
    round.phase, round.phase_before_pause = "paused", "deliberating"
    with pytest.raises(NotTakingProposals):
        take_off(session, **ACT, round_id=round.id, candidate_id=candidate.id)


def test_a_frozen_list_is_not_changed(any_database, session, keys, round):
    candidate = make_candidate(session, keys, round)
    proposal = make_proposal(session, keys, round)
    _freeze(session, round)
    on = {**ACT, "round_id": round.id}
    facts = candidate_facts(title="别的")
    acts = [
        lambda: shortlist(session, **on, proposal_ids=[proposal.id], facts=facts),
        lambda: change_candidate(session, **on, candidate_id=candidate.id, facts=facts),
        lambda: take_off(session, **on, candidate_id=candidate.id),
        lambda: put_back(session, **on, candidate_id=candidate.id),
        lambda: renumber(session, **on, numbers={candidate.id: 2}),
    ]
    for act in acts:
        with pytest.raises(RulesFrozen):
            act()


@pytest.mark.parametrize("change", ["title", "ballot_number", "cost", "picture"])
def test_the_database_itself_refuses_to_change_a_frozen_list(
    any_database, session, keys, round, change
):
    candidate = make_candidate(session, keys, round)
    _freeze(session, round)
    value = {"title": "别的", "ballot_number": 9, "cost": 1, "picture": "b"}[change]
    with pytest.raises(IntegrityError):
        session.execute(
            update(Candidate).where(Candidate.id == candidate.id).values({change: value})
        )
