import pytest

from voting.tally.rules.allocation import greedy
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, scores
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.sharing import equal_shares
from voting.tally.rules.situations import SITUATION_SENTENCES, Situation, cut, situations
from voting.tally.rules.ties import ByCost, ById

TIES = (ByCost(), ById())
LIST = [Candidate("a", 50), Candidate("b", 30), Candidate("c", 20), Candidate("d", 10)]
VOTES = {"a": 4, "b": 3, "c": 2, "d": 0}


@pytest.mark.parametrize(
    ("field", "votes", "ballots", "budget", "expected"),
    [
        (LIST, dict.fromkeys("abcd", 0), 0, 100, (Situation.NO_VALID_BALLOT,)),
        (LIST, dict.fromkeys("abcd", 0), 3, 100, (Situation.NO_VOTES,)),
        (LIST, VOTES, 5, 100, (Situation.EVERYTHING_FITS,)),
        (LIST, VOTES, 5, 90, ()),
        (LIST[:1], {"a": 1}, 1, 50, (Situation.ONE_CANDIDATE, Situation.EVERYTHING_FITS)),
        (LIST[:1], {"a": 1}, 1, 49, (Situation.ONE_CANDIDATE,)),
        (LIST[:1], {"a": 0}, 0, 50, (Situation.NO_VALID_BALLOT, Situation.ONE_CANDIDATE)),
    ],
)
def test_what_is_said_beside_an_outcome(
    field: list[Candidate],
    votes: dict[str, int],
    ballots: int,
    budget: int,
    expected: tuple[Situation, ...],
) -> None:
    outcome = greedy(field, votes, budget, ties=TIES)
    assert situations(outcome, valid_ballots=ballots) == expected
    assert all(SITUATION_SENTENCES[one].endswith("。") for one in expected)
    assert "d" not in outcome.funded


def test_after_a_cut_the_last_winner_leaves_first_and_nobody_moves_up() -> None:
    outcome = greedy(LIST, VOTES, 100, ties=TIES)
    after = cut(outcome, 85)
    assert (after.funded, after.spent, after.left) == (("a", "b"), 80, 5)
    (gone,) = (one for one in after.standings if one.id == "c")
    assert (gone.reason, gone.funded) == (Reason.CUT, False)
    assert "从最后入选的起退出" in SENTENCES[gone.reason] % gone.values(str)
    # c would have been paid by what is left, but it left before b.
    assert cut(outcome, 79).funded == ("a",)
    assert cut(outcome, 0).funded == ()
    assert cut(outcome, 100) == outcome


def test_in_equal_shares_the_last_bought_leaves_first() -> None:
    ballots = {Ballot(("a",)): 3, Ballot(("b",)): 1}
    votes = scores(ballots, "abcd", BallotKind.APPROVAL)
    outcome = equal_shares(LIST, ballots, votes, 100)
    assert outcome.funded == ("a", "b")
    after = cut(outcome, 60)
    assert [one.id for one in after.standings if one.funded] == ["a"] == list(after.funded)


@pytest.mark.parametrize("budget", [-1, 101])
def test_a_cut_is_no_rise(budget: int) -> None:
    with pytest.raises(ValueError, match="cut budget"):
        cut(greedy(LIST, VOTES, 100, ties=TIES), budget)
