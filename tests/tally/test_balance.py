import pytest

from voting.tally.rules.balance import (
    ProjectOutvotesTheUrn,
    VotesExceedTheBallots,
    check_balance,
    decimal_text,
    turnout,
)


@pytest.mark.parametrize(
    ("marked", "roll", "text"),
    [
        (700, 1000, "70.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (3, 2000, "0.2"),
        (0, 812, "0.0"),
        (812, 812, "100.0"),
        (0, 0, "0.0"),
        (10**18 - 1, 10**18, "100.0"),
    ],
)
def test_turnout_is_exact_and_half_goes_up(marked: int, roll: int, text: str) -> None:
    assert turnout(marked, roll) == text


@pytest.mark.parametrize(("marked", "roll"), [(2, 1), (-1, 1), (1, 0)])
def test_an_impossible_turnout_is_refused(marked: int, roll: int) -> None:
    with pytest.raises(ValueError, match="roll"):
        turnout(marked, roll)


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(12345, 2, "123.45"), (5, 2, "0.05"), (0, 1, "0.0"), (700, 0, "700"), (-5, 2, "-0.05")],
)
def test_smallest_units_are_written_exactly(amount: int, decimals: int, text: str) -> None:
    assert decimal_text(amount, decimals) == text


def test_a_count_that_fills_every_ballot_is_balanced() -> None:
    check_balance({"a": 10, "b": 10}, ballots=10, max_choices=2)


def test_no_project_has_more_votes_than_there_are_ballots() -> None:
    with pytest.raises(ProjectOutvotesTheUrn, match="项目 b 得票 11，多于选票 10 张"):
        check_balance({"a": 1, "b": 11}, ballots=10, max_choices=5)


def test_all_votes_together_are_no_more_than_the_ballots_allow() -> None:
    with pytest.raises(VotesExceedTheBallots, match="得票合计 21"):
        check_balance({"a": 10, "b": 10, "c": 1}, ballots=10, max_choices=2)
