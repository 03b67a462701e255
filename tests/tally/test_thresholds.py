from fractions import Fraction

import pytest

from voting.tally.rules.counting import Ballot, BallotKind, scores
from voting.tally.rules.knapsack import cost_of, fits
from voting.tally.rules.thresholds import least_votes_of, turnout_suffices


@pytest.mark.parametrize(
    ("ballots", "number", "share", "least"),
    [
        (100, 0, Fraction(0), 0),
        (100, 7, Fraction(0), 7),
        (100, 0, Fraction(5, 100), 5),
        (101, 0, Fraction(5, 100), 6),
        (1000, 10, Fraction(5, 100), 50),
        (0, 0, Fraction(1, 2), 0),
        (3, 0, Fraction(1), 3),
    ],
)
def test_the_least_votes_are_the_larger_of_number_and_share(
    ballots: int, number: int, share: Fraction, least: int
) -> None:
    assert least_votes_of(ballots, number=number, share=share) == least


@pytest.mark.parametrize(
    ("marked", "roll", "least", "enough"),
    [
        (50, 100, Fraction(1, 2), True),
        (49, 100, Fraction(1, 2), False),
        # 33.3 % as printed is not a third.
        (333, 1000, Fraction(1, 3), False),
        (334, 1000, Fraction(1, 3), True),
        (0, 0, Fraction(0), True),
        (0, 0, Fraction(1, 100), False),
    ],
)
def test_turnout_is_compared_exactly(
    marked: int, roll: int, least: Fraction, *, enough: bool
) -> None:
    assert turnout_suffices(marked, roll, least=least) is enough


def test_figures_that_cannot_be_raise() -> None:
    for wrong in (
        lambda: least_votes_of(1, number=-1),
        lambda: least_votes_of(1, share=Fraction(3, 2)),
        lambda: turnout_suffices(2, 1, least=Fraction(0)),
        lambda: turnout_suffices(1, 2, least=Fraction(-1)),
    ):
        with pytest.raises(ValueError, match=r"threshold|marked"):
            wrong()


def test_a_ballot_inside_a_budget_may_use_it_to_the_last_cent() -> None:
    costs = {1: 60, 2: 40, 3: 1}
    assert cost_of((1, 2, 1), costs) == 100
    assert fits((1, 2), costs, 100)
    assert not fits((1, 2, 3), costs, 100)
    assert fits((), costs, 0)


def test_ranks_give_points_from_the_length_of_the_ballot_down() -> None:
    ballots = {Ballot(("a", "b", "c")): 2, Ballot(("b",)): 1}
    assert scores(ballots, "abc", BallotKind.ORDINAL) == {"a": 6, "b": 5, "c": 2}
