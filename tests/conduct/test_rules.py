from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories.areas import NOW
from voting.conduct.rules import (
    PAUSABLE,
    STEPS,
    AddressNotScanned,
    AlreadyRepeated,
    AnnouncedTooLate,
    AnsweredTooEarly,
    AppealsOpen,
    CandidateAboveQuota,
    CandidateOutOfReach,
    CandidateTooDear,
    ExtendedAlready,
    Facts,
    MoreChoicesThanCandidates,
    NoProposals,
    NotCounted,
    NotDeclared,
    NothingApproved,
    NothingLost,
    NotVoting,
    OfficeMissing,
    OpeningPassed,
    OutsidePublicity,
    PostedTooEarly,
    ProjectsRunning,
    ProposalsUnresolved,
    ProposerCounts,
    PublicityRunning,
    RollEmpty,
    TooFewCandidates,
    TooManyCandidates,
    UrnOpened,
    find_step,
    find_step_to,
    missing,
    remarks,
    steps_from,
)
from voting.permissions import GRANTS
from voting.rounds.rules import MOST_LISTED, Phase

FINE = Facts(
    now=NOW,
    opens_at=NOW + timedelta(days=5),
    max_choices=10,
    proposals=48,
    candidates=39,
    has_office=True,
    is_scanned=True,
    listed=2000,
    monitors=2,
    is_counted=True,
    is_declared=True,
    publicity_to=date(2026, 11, 20),
    projects=2,
    projects_approved=2,
    projects_ended=2,
)
TODAY, BEFORE = date(2026, 11, 23), date(2026, 11, 20)
ANNOUNCE = find_step_to(Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED)


def _lacking(step, **changes):
    return [type(refusal) for refusal in missing(step, replace(FINE, **changes))]


def test_the_straight_path_leads_from_draft_to_the_archive():
    by_clock = {Phase.VOTE_ANNOUNCED: Phase.VOTING, Phase.VOTING: Phase.COUNTING}
    path = [Phase.DRAFT]
    while path[-1] is not Phase.ARCHIVED:
        onward = by_clock.get(path[-1]) or steps_from(path[-1])[0].after
        assert onward not in path
        path.append(onward)
    assert path == [
        Phase.DRAFT, Phase.PENDING_APPROVAL, Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING,
        Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.COUNTING, Phase.RESULT_REVIEW,
        Phase.PUBLICITY, Phase.CONFIRMED, Phase.IMPLEMENTING, Phase.CLOSED, Phase.ARCHIVED,
    ]  # fmt: skip


def test_nobody_opens_or_closes_a_vote_by_hand():
    by_hand = {step.act for step in STEPS if step.after in {Phase.VOTING, Phase.COUNTING}}
    assert by_hand == {"round.extend", "round.resume", "round.reopen", "round.keep_closing"}


def test_every_step_can_be_taken_by_some_role_and_exists_once():
    held = frozenset().union(*GRANTS.values())
    assert {step.permission for step in STEPS} <= held
    for phase in Phase:
        for paused_in in PAUSABLE:
            keys = [step.key for step in steps_from(phase, paused_in=paused_in)]
            assert len(set(keys)) == len(keys)


def test_a_round_can_be_ended_until_its_result_is_confirmed_and_never_without_a_reason():
    ends = [step for step in STEPS if step.after is Phase.TERMINATED]
    assert {step.before for step in ends}.isdisjoint({Phase.CONFIRMED, Phase.TERMINATED})
    assert Phase.VOTING in {step.before for step in ends}
    assert all(step.needs_reason and step.is_final for step in ends)


def test_a_step_that_does_not_exist_is_not_found():
    assert find_step_to(Phase.DRAFT, Phase.VOTING) is None
    assert find_step_to(Phase.CONFIRMED, Phase.TERMINATED) is None
    assert find_step(Phase.DRAFT, "resume") is None


def test_a_paused_round_goes_back_only_where_it_was_paused():
    back = find_step(Phase.PAUSED, "resume", paused_in=Phase.COUNTING)
    assert back is not None
    assert back.after is Phase.COUNTING
    assert find_step_to(Phase.PAUSED, Phase.VOTING, paused_in=Phase.COUNTING) is None
    assert find_step(Phase.PAUSED, "resume") is None


def test_a_step_between_two_phases_is_the_plain_one_unless_a_key_says_which():
    plain = find_step_to(Phase.DELIBERATING, Phase.TERMINATED)
    few = find_step(Phase.DELIBERATING, "too-few")
    assert plain is not None
    assert few is not None
    assert (plain.act, few.act) == ("round.terminate", "round.too_few")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.key}-{step.after}")
def test_where_all_is_well_nothing_is_missing(step):
    otherwise: dict[str, dict[str, Any]] = {
        "round.too_few": {"candidates": 1},
        "round.reopen": {"lost_minutes": 5, "is_counted": False},
        "round.keep_closing": {"lost_minutes": 5},
    }
    assert missing(step, replace(FINE, **otherwise.get(step.act, {}))) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"candidates": 1, "max_choices": 1}, TooFewCandidates),
        ({"candidates": 3, "max_choices": 4}, MoreChoicesThanCandidates),
        ({"too_dear": (3, "路灯")}, CandidateTooDear),
        ({"above_quota": (3, "路灯")}, CandidateAboveQuota),
        ({"out_of_reach": (3, "路灯")}, CandidateOutOfReach),
        ({"listed": 0}, RollEmpty),
        ({"is_scanned": False}, AddressNotScanned),
        ({"has_office": False}, OfficeMissing),
        ({"opens_at": NOW}, OpeningPassed),
        ({"opens_at": NOW - timedelta(days=1)}, OpeningPassed),
        ({"opens_at": NOW + timedelta(hours=2)}, AnnouncedTooLate),
        ({"conflict": ("张建国", 3)}, ProposerCounts),
    ],
)
def test_an_announcement_lacks_exactly_what_is_wrong(changes, refusal):
    assert _lacking(ANNOUNCE, **changes) == [refusal]


def test_a_ballot_that_is_not_limited_in_number_fits_every_list():
    assert _lacking(ANNOUNCE, candidates=3, max_choices=MOST_LISTED) == []
    assert ANNOUNCE is not None
    said = [one.msgid for one in remarks(ANNOUNCE, replace(FINE, max_choices=MOST_LISTED))]
    assert not [one for one in said if "一般每人最多选" in one]


def test_everything_that_is_missing_is_said_at_once():
    found = _lacking(ANNOUNCE, candidates=0, listed=0, is_scanned=False, has_office=False)
    assert found == [TooFewCandidates, RollEmpty, AddressNotScanned, OfficeMissing]


def test_the_day_before_voting_is_early_enough_and_a_rehearsal_needs_no_notice():
    # 23:30 in Shanghai, and voting opens at 09:00: ten hours, but the day before.
    late = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    opens = datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert _lacking(ANNOUNCE, now=late, opens_at=opens) == []
    today = {"opens_at": NOW + timedelta(hours=2)}
    assert _lacking(ANNOUNCE, **today, is_rehearsal=True) == []


@pytest.mark.parametrize(
    ("before", "after", "changes", "refusal"),
    [
        (Phase.DRAFT, Phase.PENDING_APPROVAL, {"opens_at": NOW}, OpeningPassed),
        (Phase.PENDING_APPROVAL, Phase.COLLECTING, {"opens_at": NOW}, OpeningPassed),
        (Phase.SCREENING, Phase.DELIBERATING, {"proposals": 0}, NoProposals),
        (Phase.SCREENING, Phase.DELIBERATING, {"unresolved": 3}, ProposalsUnresolved),
        (Phase.SCREENING, Phase.DELIBERATING, {"open_appeals": 1}, AppealsOpen),
        (Phase.DELIBERATING, Phase.SHORTLISTED, {"candidates": 1}, TooFewCandidates),
        (
            Phase.DELIBERATING,
            Phase.SHORTLISTED,
            {"candidates": 41, "most_candidates": 40},
            TooManyCandidates,
        ),
        (
            Phase.RESULT_REVIEW,
            Phase.PUBLICITY,
            {"declared_on": TODAY, "given_day": BEFORE},
            PostedTooEarly,
        ),
        (
            Phase.PUBLICITY,
            Phase.OBJECTION,
            {"publicity_from": BEFORE, "given_day": TODAY},
            OutsidePublicity,
        ),
        (
            Phase.OBJECTION,
            Phase.PUBLICITY,
            {"objected_on": TODAY, "given_day": BEFORE},
            AnsweredTooEarly,
        ),
        (Phase.OBJECTION, Phase.CONFIRMED, {"publicity_to": TODAY}, PublicityRunning),
        (Phase.VOTING, Phase.VOTING, {"is_voting": False}, NotVoting),
        (Phase.VOTING, Phase.VOTING, {"is_extended": True}, ExtendedAlready),
        (Phase.VOTE_VOID, Phase.VOTE_VOID, {"is_repeated": True}, AlreadyRepeated),
        (Phase.VOTE_VOID, Phase.TERMINATED, {"is_repeated": True}, AlreadyRepeated),
        (
            Phase.CONFIRMED,
            Phase.IMPLEMENTING,
            {"projects_approved": 0, "projects_ended": 1},
            NothingApproved,
        ),
        (Phase.IMPLEMENTING, Phase.CLOSED, {"projects": 3}, ProjectsRunning),
        (Phase.COUNTING, Phase.RESULT_REVIEW, {"is_counted": False}, NotCounted),
        (Phase.COUNTING, Phase.VOTING, {"is_counted": False}, NothingLost),
        (Phase.COUNTING, Phase.VOTING, {"lost_minutes": 5, "is_opened": True}, UrnOpened),
        (Phase.COUNTING, Phase.COUNTING, {}, NothingLost),
        (Phase.RESULT_REVIEW, Phase.PUBLICITY, {"is_declared": False}, NotDeclared),
        (Phase.PUBLICITY, Phase.CONFIRMED, {"publicity_to": None}, NotDeclared),
        (Phase.PUBLICITY, Phase.CONFIRMED, {"publicity_to": date(2026, 11, 23)}, PublicityRunning),
    ],
)
def test_each_step_asks_for_what_it_needs(before, after, changes, refusal):
    assert _lacking(find_step_to(before, after), **changes) == [refusal]


def test_the_last_day_of_publicity_is_still_publicity():
    confirm = find_step_to(Phase.PUBLICITY, Phase.CONFIRMED)
    last = {"publicity_to": date(2026, 11, 23)}
    assert _lacking(confirm, **last, now=datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    assert _lacking(confirm, **last, now=datetime(2026, 11, 23, 16, tzinfo=UTC)) == []


def _said(step, **changes):
    return [remark.msgid % remark.values for remark in remarks(step, replace(FINE, **changes))]


def test_what_is_only_unusual_is_said_and_hinders_nothing():
    assert _said(ANNOUNCE) == []
    assert "只有 2 天" in _said(ANNOUNCE, opens_at=NOW + timedelta(days=2))[0]
    assert "一般每人最多选 10 项，现在定的是 3 项" in _said(ANNOUNCE, max_choices=3)[0]
    assert "还没有委任监票人" in _said(ANNOUNCE, monitors=0)[0]


def test_collecting_that_ends_early_is_said():
    step = find_step_to(Phase.COLLECTING, Phase.SCREENING)
    assert _said(step, collecting_until=date(2026, 11, 22)) == []
    assert "原定征集到2026年11月23日" in _said(step, collecting_until=date(2026, 11, 23))[0]


@pytest.mark.parametrize("projects", [0, 2])
def test_a_round_without_a_project_to_wait_for_can_still_be_closed(projects):
    facts = replace(FINE, projects=projects, projects_ended=projects, projects_approved=0)
    for before, after in (
        (Phase.CONFIRMED, Phase.IMPLEMENTING),
        (Phase.IMPLEMENTING, Phase.CLOSED),
    ):
        step = find_step_to(before, after)
        assert step is not None
        assert missing(step, facts) == []


def step_of(key):
    """Return a step from the count."""
    step = find_step(Phase.COUNTING, key)
    assert step is not None
    return step


def test_after_the_sheet_is_signed_nobody_votes_again():
    step = step_of("reopen")
    fine = replace(FINE, lost_minutes=30, is_counted=False)
    assert missing(step, fine) == []
    assert [type(one).__name__ for one in missing(step, replace(fine, sheet="adds_up"))] == [
        "PaperSigned"
    ]


@pytest.mark.parametrize("key", ["result-review", "keep-closing"])
def test_more_paper_back_than_went_out_leaves_only_void(key):
    facts = replace(FINE, lost_minutes=30, sheet="more_returned")
    refused = missing(step_of(key), facts)
    assert [type(one).__name__ for one in refused] == ["MoreReturned"]
    void = step_of("vote-void")
    assert missing(void, facts) == []
    assert "收回的纸质票多于发出的票" in remarks(void, facts)[0].msgid
