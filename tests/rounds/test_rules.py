from datetime import date, timedelta

import pytest

from tests.factories.areas import NOW
from tests.factories.rounds import CLOSES, OPENS, make_plan
from voting.rounds.rules import (
    FROZEN,
    PHASE_NAMES,
    PUBLIC,
    Allocation,
    ChoicesOutOfOrder,
    ClosesBeforeOpening,
    CollectingTooLate,
    FundedCountMissing,
    Phase,
    ReferenceDayFarAway,
    VotingTooLong,
    check_plan,
    phase_at,
    suggested_choices,
)

MICRO = timedelta(microseconds=1)


def test_every_phase_has_a_chinese_name_and_drafts_are_nobodys_business():
    assert set(PHASE_NAMES) == set(Phase)
    assert {Phase.DRAFT, Phase.PENDING_APPROVAL}.isdisjoint(PUBLIC)
    assert Phase.SHORTLISTED not in FROZEN
    assert Phase.VOTE_ANNOUNCED in FROZEN


@pytest.mark.parametrize(
    ("stored", "now", "phase"),
    [
        (Phase.VOTE_ANNOUNCED, OPENS - MICRO, Phase.VOTE_ANNOUNCED),
        (Phase.VOTE_ANNOUNCED, OPENS, Phase.VOTING),
        (Phase.VOTE_ANNOUNCED, CLOSES - MICRO, Phase.VOTING),
        (Phase.VOTE_ANNOUNCED, CLOSES, Phase.COUNTING),
        (Phase.VOTING, CLOSES, Phase.COUNTING),
        (Phase.PAUSED, CLOSES, Phase.PAUSED),
        (Phase.TERMINATED, OPENS, Phase.TERMINATED),
        (Phase.SHORTLISTED, CLOSES, Phase.SHORTLISTED),
    ],
)
def test_the_clock_opens_and_closes_a_vote_and_nothing_else(stored, now, phase):
    assert phase_at(stored, OPENS, CLOSES, now) is phase


@pytest.mark.parametrize(
    ("candidates", "choices"),
    [(0, 10), (1, 1), (4, 1), (5, 2), (12, 3), (39, 10), (40, 10), (400, 10)],
)
def test_a_quarter_of_the_list_may_be_chosen(candidates, choices):
    assert suggested_choices(candidates) == choices


def test_a_plan_that_fits_together_is_taken():
    check_plan(make_plan())
    check_plan(make_plan(allocation=Allocation.TOP_K, funded_count=5))
    check_plan(make_plan(collecting_until=date(2026, 12, 4), min_choices=0))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"closes_at": OPENS}, ClosesBeforeOpening),
        ({"closes_at": OPENS + timedelta(days=31)}, VotingTooLong),
        ({"collecting_until": date(2026, 12, 5)}, CollectingTooLate),
        ({"reference_day": date(2025, 1, 1)}, ReferenceDayFarAway),
        ({"reference_day": date(2028, 1, 1)}, ReferenceDayFarAway),
        ({"min_choices": 11}, ChoicesOutOfOrder),
        ({"allocation": Allocation.TOP_K}, FundedCountMissing),
        ({"funded_count": 3}, FundedCountMissing),
    ],
)
def test_a_plan_that_does_not_fit_together_is_refused(changes, refusal):
    with pytest.raises(refusal):
        check_plan(make_plan(**changes))


def test_the_day_before_voting_is_the_last_day_to_collect_in_shanghai():
    # 00:30 in Shanghai is still the day before in UTC.
    opens = OPENS.replace(hour=16, minute=30)
    check_plan(make_plan(opens_at=opens, collecting_until=date(2026, 12, 5)))
    assert opens > NOW
