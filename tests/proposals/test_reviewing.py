from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.factories.areas import NOW
from tests.factories.proposals import (
    candidate_facts,
    make_candidate,
    make_nominated,
    pass_review,
    review_facts,
)
from tests.factories.rounds import make_round
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE
from voting.proposals.models import Candidate, CandidateSource
from voting.proposals.rules.states import WrongCandidateState
from voting.proposals.service import (
    CostAboveBudget,
    CostAboveLimit,
    CostBasisMissing,
    CostMissing,
    DayAhead,
    NotReviewed,
    Removal,
    RemovalReasonMissing,
    RemovedTooEarly,
    ReviewReasonMissing,
    SettledAtReview,
    TakenAlready,
    TakeOffFirst,
    UpkeepMissing,
    candidates_of,
    change_candidate,
    conflicts_of,
    decisions_of,
    last_reviews,
    list_candidate,
    removal_of,
    remove_candidate,
    reserve,
    reserve_for,
    reserve_nominated,
    review,
    reviews_of,
    settle_candidates,
    sources_of,
    take_from_reserve,
)
from voting.rounds.models import Round

ACT: dict[str, Any] = {"now": NOW + timedelta(hours=1), "actor": COMMAND_LINE}


@pytest.fixture
def round(session):
    return make_round(session, phase="deliberating")


def _review(session, candidate, *, later=0, **changes):
    return review(
        session, **(ACT | {"now": ACT["now"] + timedelta(hours=later)}),
        round_id=candidate.round_id, candidate_id=candidate.id,
        facts=review_facts(**changes),
    )  # fmt: skip


def _list(session, candidate, **more):
    return list_candidate(
        session, **ACT, round_id=candidate.round_id, candidate_id=candidate.id, **more
    )


def test_a_review_settles_the_candidate_and_its_proposals_follow(session, keys, round):
    candidate = make_nominated(session, keys, round, proposals=2)
    _review(session, candidate, cost=50_000_00, beneficiaries=80, place="3栋")
    assert (candidate.cost, candidate.beneficiaries, candidate.place) == (50_000_00, 80, "3栋")
    for proposal in sources_of(session, candidate.id):
        last = decisions_of(session, proposal.id)[-1]
        assert (proposal.state, last.kind, last.outcome) == (
            "review_passed", "review", "review_passed",
        )  # fmt: skip
        assert last.reason == review_facts().reason
    _review(session, candidate, later=1, is_passed=False, reason="不够钱", cost_basis="", upkeep="")
    assert {one.state for one in sources_of(session, candidate.id)} == {"review_failed"}
    assert candidate.cost == 50_000_00
    assert not last_reviews(session, [candidate.id])[candidate.id].is_passed
    assert len(reviews_of(session, candidate.id)) == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": ""}, ReviewReasonMissing),
        ({"cost_basis": ""}, CostBasisMissing),
        ({"upkeep": ""}, UpkeepMissing),
        ({"cost": 300_001_00}, CostAboveBudget),
        ({"cost": 100_001_00}, CostAboveLimit),
    ],
)
def test_a_review_that_lacks_something_settles_nothing(session, keys, round, changes, refusal):
    round.limit_engineering = 100_000_00
    candidate = make_nominated(session, keys, round)
    with pytest.raises(refusal):
        _review(session, candidate, **changes)
    assert reviews_of(session, candidate.id) == []


def test_a_limit_binds_its_own_category_only(session, keys, round):
    round.limit_service = 1_00
    assert make_nominated(session, keys, round).state == "nominated"
    with pytest.raises(CostAboveLimit, match="服务采购类单项最多 1 元"):
        make_nominated(session, keys, round, category="service")


def test_what_stands_on_the_list_does_not_fail_there(session, keys, round):
    candidate = make_candidate(session, keys, round)
    with pytest.raises(TakeOffFirst):
        _review(session, candidate, is_passed=False)
    _review(session, candidate)


def test_what_the_review_settled_is_not_changed_in_passing(session, keys, round):
    candidate = make_nominated(session, keys, round)
    pass_review(session, candidate)
    on = {**ACT, "round_id": round.id, "candidate_id": candidate.id}
    for changes in ({"cost": 1_00}, {"beneficiaries": 1}, {"place": "别处"}):
        with pytest.raises(SettledAtReview):
            change_candidate(session, **on, facts=candidate_facts(**changes))
    same = candidate_facts(
        title="新名字", cost=candidate.cost, beneficiaries=candidate.beneficiaries,
        place=candidate.place,
    )  # fmt: skip
    assert change_candidate(session, **on, facts=same).title == "新名字"


def test_only_what_passed_its_review_is_listed_unless_the_street_says_why(session, keys, round):
    candidate = make_nominated(session, keys, round)
    with pytest.raises(NotReviewed):
        _list(session, candidate)
    assert _list(session, candidate, unreviewed="大会当天提出").ballot_number == 1
    failed = make_nominated(session, keys, round)
    _review(session, failed, is_passed=False)
    with pytest.raises(NotReviewed):
        _list(session, failed)
    passed = make_nominated(session, keys, round)
    pass_review(session, passed)
    assert (_list(session, passed).ballot_number, passed.state) == (2, "listed")


def test_without_an_amount_or_a_proposal_nothing_is_listed(session, keys, round):
    candidate = make_nominated(session, keys, round, cost=0)
    with pytest.raises(CostMissing):
        _list(session, candidate, unreviewed="急")


def test_the_meeting_leaves_the_rest_in_reserve(session, keys, round):
    listed, chosen, left = (
        make_candidate(session, keys, round),
        make_nominated(session, keys, round),
        make_nominated(session, keys, round),
    )
    reserve(session, **ACT, round_id=round.id, candidate_id=chosen.id)
    assert reserve_nominated(session, round.id) == 1
    for one, state in ((listed, "listed"), (chosen, "reserve"), (left, "reserve")):
        session.refresh(one)
        assert one.state == state


def test_the_vote_funds_some_and_the_others_are_kept(session, keys, round):
    one, other = (make_candidate(session, keys, round) for _ in range(2))
    kept = make_nominated(session, keys, round)
    settle_candidates(session, round.id, funded={one.id})
    states = []
    for candidate in (one, other, kept):
        session.refresh(candidate)
        states.append(candidate.state)
    assert states == ["funded", "unfunded", "nominated"]
    assert [each.id for each in candidates_of(session, round.id)] == [one.id, other.id]


def _declare(session, round):
    frozen = {"frozen_at": NOW, "config": "{}", "config_hash": b"hash", "phase": "objection"}
    session.execute(update(Round).where(Round.id == round.id).values(frozen))
    session.expire_all()


def _remove(session, candidate, **changes):
    removal: dict[str, Any] = {"reason": "产权有争议", "day": date(2026, 11, 23)} | changes
    return remove_candidate(
        session, **ACT, round_id=candidate.round_id, candidate_id=candidate.id,
        removal=Removal(**removal),
    )  # fmt: skip


def test_an_objection_that_is_right_removes_a_project_with_reason_day_and_paper(
    any_database, session, keys, round
):
    candidate = make_candidate(session, keys, round)
    with pytest.raises(RemovedTooEarly):
        _remove(session, candidate)
    _declare(session, round)
    assert removal_of(session, candidate) is None
    with pytest.raises(RemovalReasonMissing):
        _remove(session, candidate, reason="")
    with pytest.raises(DayAhead):
        _remove(session, candidate, day=date(2027, 1, 1))
    _remove(session, candidate, file_digest="a" * 64)
    session.refresh(candidate)
    line = removal_of(session, candidate)
    assert line is not None
    assert (candidate.state, line.removal.reason) == ("removed", "产权有争议")
    assert (line.removal.day, line.removal.file_digest) == (date(2026, 11, 23), "a" * 64)
    with pytest.raises(WrongCandidateState):
        _remove(session, candidate)


@pytest.fixture
def later(session, round):
    """A later round of the same estate."""
    return make_round(session, area=round.area, phase="collecting")


def _kept(session, keys, round, **changes):
    candidate = make_nominated(session, keys, round, proposals=2, **changes)
    reserve_nominated(session, round.id)
    session.refresh(candidate)
    return candidate


def test_what_was_left_is_taken_into_a_later_round_with_its_story(session, keys, round, later):
    kept = _kept(session, keys, round, title="路灯")
    (line,) = reserve_for(session, later).lines
    assert (line.candidate.id, line.round_title, line.is_taken) == (kept.id, round.title, False)
    copy = take_from_reserve(session, **ACT, round_id=later.id, candidate_id=kept.id)
    assert (copy.state, copy.title, copy.round_id) == ("nominated", "路灯", later.id)
    behind = sources_of(session, copy.id)
    assert behind == sources_of(session, kept.id)
    pass_review(session, copy)
    assert {one.state for one in behind} == {"merged"}  # the earlier round's decisions stand
    assert reserve_for(session, later).lines[0].is_taken
    with pytest.raises(TakenAlready, match="路灯"):
        take_from_reserve(session, **ACT, round_id=later.id, candidate_id=kept.id)


def test_the_reserve_is_of_this_area_and_of_other_rounds(session, keys, round, later):
    kept = _kept(session, keys, round)
    stranger = make_round(session, phase="collecting")
    assert reserve_for(session, round).total == 0
    assert reserve_for(session, stranger).total == 0
    for round_id in (stranger.id, round.id):
        with pytest.raises(NotFound):
            take_from_reserve(session, **ACT, round_id=round_id, candidate_id=kept.id)
    with pytest.raises(NotFound):
        take_from_reserve(session, **ACT, round_id=later.id, candidate_id="\x00")


def test_who_proposed_what_came_from_the_reserve_does_not_count(session, keys, round, later):
    kept = _kept(session, keys, round)
    copy = take_from_reserve(session, **ACT, round_id=later.id, candidate_id=kept.id)
    pass_review(session, copy)
    _list(session, copy)
    assert conflicts_of(session, later.id) == []
    assert {one.proposer_key for one in sources_of(session, copy.id)}


def test_an_emptied_candidate_is_not_offered(session, keys, round, later):
    candidate = make_nominated(session, keys, round)
    session.execute(update(Candidate).where(Candidate.id == candidate.id).values(state="unfunded"))
    assert reserve_for(session, later).total == 1
    session.execute(delete(CandidateSource).where(CandidateSource.candidate_id == candidate.id))
    assert reserve_for(session, later).total == 0
