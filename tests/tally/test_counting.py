import pytest

from voting.tally.rules.counting import Ballot, BallotKind, ballot_count, distinct, scores


def test_identical_ballots_are_one_entry_with_a_number() -> None:
    ballots = {Ballot(("a", "b")): 3, Ballot(("b",)): 2, Ballot(()): 4}
    assert scores(ballots, ["a", "b", "c"], BallotKind.APPROVAL) == {"a": 3, "b": 5, "c": 0}
    assert ballot_count(ballots) == 9


def test_a_project_picked_twice_counts_once() -> None:
    ballots = {Ballot(("a", "b", "a")): 2}
    assert scores(ballots, ["a", "b"], BallotKind.APPROVAL) == {"a": 2, "b": 2}


def test_points_of_a_project_picked_twice_add() -> None:
    ballots = {Ballot(("a", "b", "a"), (3, 1, 2)): 2}
    assert scores(ballots, ["a", "b"], BallotKind.CUMULATIVE) == {"a": 10, "b": 2}


def test_of_three_ranked_the_first_gets_three_and_the_last_one() -> None:
    ballots = {Ballot(("c", "a", "b")): 1, Ballot(("a",)): 10}
    assert scores(ballots, ["a", "b", "c"], BallotKind.ORDINAL) == {"a": 12, "b": 1, "c": 3}


def test_a_project_ranked_twice_keeps_its_first_place_and_shortens_the_ranking() -> None:
    ballots = {Ballot(("a", "b", "a")): 1}
    assert scores(ballots, ["a", "b"], BallotKind.ORDINAL) == {"a": 2, "b": 1}


def test_choose_1_counts_ballots() -> None:
    assert scores({Ballot(("a",)): 7}, ["a", "b"], BallotKind.CHOOSE_1) == {"a": 7, "b": 0}


def test_no_ballot_gives_everybody_zero() -> None:
    assert scores({}, ["a", "b"], BallotKind.APPROVAL) == {"a": 0, "b": 0}


def test_a_ballot_for_somebody_else_is_never_left_out_in_silence() -> None:
    with pytest.raises(ValueError, match="no candidate"):
        scores({Ballot(("x",)): 1}, ["a"], BallotKind.APPROVAL)


def test_points_that_do_not_match_the_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="as many points"):
        Ballot(("a", "b"), (1,))


def test_a_points_ballot_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        scores({Ballot(("a",)): 1}, ["a"], BallotKind.CUMULATIVE)


def test_a_ballot_without_repetition_stays_as_it_is() -> None:
    ballot = Ballot(("b", "a"), (1, 2))
    assert distinct(ballot) is ballot
    assert distinct(Ballot(("b", "a", "b"))) == Ballot(("b", "a"))
