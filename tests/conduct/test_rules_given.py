from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.areas import NOW
from voting.conduct.rules import (
    ClosingNotLater,
    ClosingPassed,
    DayInFuture,
    DayMissing,
    DayTooEarly,
    FileMissing,
    Given,
    OpensTooSoonAgain,
    PersonMissing,
    PersonTooLong,
    ReasonMissing,
    ReasonTooLong,
    asked_for,
    check_again,
    check_extension,
    find_step,
    lacking,
)
from voting.conduct.rules.withdrawing import TooDearLeft, TooFewLeft, check_left
from voting.rounds.rules import ClosesBeforeOpening, Phase, VotingTooLong

TODAY, BEFORE = date(2026, 11, 23), date(2026, 11, 20)
SHORTLIST = find_step(Phase.DELIBERATING, "shortlisted")
PUBLISH = find_step(Phase.RESULT_REVIEW, "publicity")
FULL = Given(day=BEFORE, person="王书记", file_digest="f" * 64, file_name="纪要.pdf")


def _wrong(step, reason="大会一致同意", is_rehearsal=False, **changes):
    found = lacking(
        step, replace(FULL, **changes), reason, today=TODAY, since=date(2026, 11, 1),
        is_rehearsal=is_rehearsal,
    )  # fmt: skip
    return [type(refusal) for refusal in found]


@pytest.mark.parametrize(
    ("reason", "changes", "refusal"),
    [
        ("", {}, ReasonMissing),
        ("长" * 2001, {}, ReasonTooLong),
        ("好", {"day": None}, DayMissing),
        ("好", {"day": TODAY + timedelta(days=1)}, DayInFuture),
        ("好", {"day": date(2016, 11, 20)}, DayTooEarly),
        ("好", {"person": ""}, PersonMissing),
        ("好", {"person": "长" * 41}, PersonTooLong),
    ],
)
def test_a_step_is_given_all_it_asks_for(reason, changes, refusal):
    assert _wrong(SHORTLIST, reason, **changes) == [refusal]


def test_a_photograph_that_must_be_there_is_asked_for_but_not_of_a_rehearsal():
    assert _wrong(PUBLISH, "", file_digest=None) == [FileMissing]
    assert _wrong(PUBLISH, "", file_digest=None, is_rehearsal=True) == []
    assert _wrong(SHORTLIST, file_digest=None) == []


def test_what_a_step_does_not_ask_for_is_not_kept():
    submit = find_step(Phase.DRAFT, "pending-approval")
    assert submit is not None
    assert PUBLISH is not None
    assert asked_for(submit, FULL) == Given()
    assert asked_for(PUBLISH, FULL) == replace(FULL, person="")


OPENED, CLOSING = NOW - timedelta(days=6), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("closes_at", "refusal"),
    [
        (CLOSING, ClosingNotLater),
        (CLOSING - timedelta(hours=1), ClosingNotLater),
        (OPENED + timedelta(days=30, seconds=1), VotingTooLong),
    ],
)
def test_an_extension_ends_later_and_within_thirty_days(closes_at, refusal):
    with pytest.raises(refusal):
        check_extension(now=NOW, opens_at=OPENED, closing=CLOSING, closes_at=closes_at)


def test_an_extension_of_a_paused_vote_ends_in_the_future():
    past = NOW - timedelta(hours=1)
    with pytest.raises(ClosingPassed):
        check_extension(now=NOW, opens_at=OPENED, closing=NOW - timedelta(days=1), closes_at=past)
    check_extension(
        now=NOW, opens_at=OPENED, closing=CLOSING, closes_at=OPENED + timedelta(days=30)
    )


@pytest.mark.parametrize(
    ("opens", "closes", "refusal"),
    [
        (timedelta(0), timedelta(days=7), OpensTooSoonAgain),
        (timedelta(days=3), timedelta(days=3), ClosesBeforeOpening),
        (timedelta(days=3), timedelta(days=34), VotingTooLong),
    ],
)
def test_a_vote_held_again_has_times_of_its_own(opens, closes, refusal):
    with pytest.raises(refusal):
        check_again(now=NOW, opens_at=NOW + opens, closes_at=NOW + closes)


def test_who_keeps_to_a_limit_finds_enough_to_choose():
    check_left([400, 600, 800], min_choices=2, spend_limit=1000)
    with pytest.raises(TooDearLeft, match="最便宜的 2 项"):
        check_left([600, 800, 900], min_choices=2, spend_limit=1000)
    with pytest.raises(TooFewLeft):
        check_left([400], min_choices=2, spend_limit=None)
