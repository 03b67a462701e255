import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.areas import NOW
from voting.conduct.rules import (
    STEPS,
    AddressNotScanned,
    AnnouncedTooLate,
    CandidateTooDear,
    Facts,
    MoreChoicesThanCandidates,
    NoProposals,
    NotCounted,
    NotDeclared,
    NotExact,
    OfficeMissing,
    OpeningPassed,
    ProposerCounts,
    PublicityRunning,
    RollEmpty,
    TooFewCandidates,
    find_step,
    frozen_hash,
    frozen_text,
    missing,
    moment_text,
    remarks,
    roll_hash,
    steps_from,
)
from voting.permissions import GRANTS
from voting.rounds.rules import Phase

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
)
ANNOUNCE = find_step(Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED)


def _lacking(step, **changes):
    return [type(refusal) for refusal in missing(step, replace(FINE, **changes))]


def test_the_straight_path_leads_from_draft_to_confirmed():
    by_clock = {Phase.VOTE_ANNOUNCED: Phase.VOTING, Phase.VOTING: Phase.COUNTING}
    path = [Phase.DRAFT]
    while path[-1] is not Phase.CONFIRMED:
        onward = by_clock.get(path[-1]) or steps_from(path[-1])[0].after
        assert onward not in path
        path.append(onward)
    assert path == [
        Phase.DRAFT, Phase.PENDING_APPROVAL, Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING,
        Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.COUNTING, Phase.RESULT_REVIEW,
        Phase.PUBLICITY, Phase.CONFIRMED,
    ]  # fmt: skip


def test_nobody_opens_or_closes_a_vote_by_hand():
    assert not [step for step in STEPS if step.after in {Phase.VOTING, Phase.COUNTING}]


def test_every_step_can_be_taken_by_some_role_and_exists_once():
    held = frozenset().union(*GRANTS.values())
    assert {step.permission for step in STEPS} <= held
    assert len({(step.before, step.after) for step in STEPS}) == len(STEPS)


def test_a_round_can_be_ended_until_its_result_is_confirmed_and_never_without_a_reason():
    ends = [step for step in STEPS if step.after is Phase.TERMINATED]
    assert {step.before for step in ends}.isdisjoint({Phase.CONFIRMED, Phase.TERMINATED})
    assert Phase.VOTING in {step.before for step in ends}
    assert all(step.needs_reason and step.is_final for step in ends)


def test_a_step_that_does_not_exist_is_not_found():
    assert find_step(Phase.DRAFT, Phase.VOTING) is None
    assert find_step(Phase.CONFIRMED, Phase.TERMINATED) is None


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.after}")
def test_where_all_is_well_nothing_is_missing(step):
    assert missing(step, FINE) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"candidates": 1, "max_choices": 1}, TooFewCandidates),
        ({"candidates": 3, "max_choices": 4}, MoreChoicesThanCandidates),
        ({"too_dear": (3, "路灯")}, CandidateTooDear),
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


def test_everything_that_is_missing_is_said_at_once():
    lacking = _lacking(ANNOUNCE, candidates=0, listed=0, is_scanned=False, has_office=False)
    assert lacking == [TooFewCandidates, RollEmpty, AddressNotScanned, OfficeMissing]


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
        (Phase.DELIBERATING, Phase.SHORTLISTED, {"candidates": 1}, TooFewCandidates),
        (Phase.COUNTING, Phase.RESULT_REVIEW, {"is_counted": False}, NotCounted),
        (Phase.RESULT_REVIEW, Phase.PUBLICITY, {"is_declared": False}, NotDeclared),
        (Phase.PUBLICITY, Phase.CONFIRMED, {"publicity_to": None}, NotDeclared),
        (Phase.PUBLICITY, Phase.CONFIRMED, {"publicity_to": date(2026, 11, 23)}, PublicityRunning),
    ],
)
def test_each_step_asks_for_what_it_needs(before, after, changes, refusal):
    assert _lacking(find_step(before, after), **changes) == [refusal]


def test_the_last_day_of_publicity_is_still_publicity():
    confirm = find_step(Phase.PUBLICITY, Phase.CONFIRMED)
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
    step = find_step(Phase.COLLECTING, Phase.SCREENING)
    assert _said(step, collecting_until=date(2026, 11, 22)) == []
    assert "原定征集到2026年11月23日" in _said(step, collecting_until=date(2026, 11, 23))[0]


def test_the_frozen_text_is_canonical():
    text = frozen_text({"b": [1, None, True], "a": {"名".encode().hex(): '加"装\n扶手'}})
    assert text == '{"a":{"e5908d":"加\\"装\\n扶手"},"b":[1,null,true]}'
    assert frozen_hash(text) == hashlib.sha256(text.encode()).digest()


@pytest.mark.parametrize(
    "content", [{"a": 1.5}, {"a": [{"b": 0.0}]}, {"名": 1}, {"a": b"x"}, {"a": date(2026, 1, 1)}]
)
def test_what_two_programs_might_write_differently_is_not_frozen(content):
    with pytest.raises(NotExact):
        frozen_text(content)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcz", min_size=1), inner),
)


@given(st.dictionaries(st.text("abcz", min_size=1), _VALUES))
def test_the_frozen_text_says_the_same_whatever_the_order(content):
    text = frozen_text(content)
    assert json.loads(text) == content
    assert frozen_text(dict(reversed(list(content.items())))) == text


def test_a_moment_is_written_in_utc_and_whole_seconds():
    assert (
        moment_text(datetime(2026, 12, 5, 1, 0, 0, 999_999, tzinfo=UTC)) == "2026-12-05T01:00:00Z"
    )


def test_the_hash_of_the_roll_can_be_worked_out_by_hand():
    electors = [("b2", bytes.fromhex("ff00")), ("a7", None)]
    by_hand = hashlib.sha256(b"a7 -\nb2 ff00\n").digest()
    assert roll_hash(electors) == by_hand
    assert roll_hash(reversed(electors)) == by_hand
    assert roll_hash([]) == hashlib.sha256(b"").digest()
    assert roll_hash([("b2", bytes.fromhex("ff01")), ("a7", None)]) != by_hand
