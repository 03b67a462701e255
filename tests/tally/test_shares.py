"""Equal Shares, worked out by hand."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from voting.tally.rules import completion
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.completion import StepTooFine
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, scores
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.shares import Utility
from voting.tally.rules.sharing import (
    SharesOutcome,
    equal_shares,
    equal_shares_once,
    fraction_text,
    shares_answer,
)
from voting.tally.rules.ties import TieStep


def pile(*rows: tuple[int, str]) -> dict[Ballot, int]:
    return {Ballot(tuple(chosen)): number for number, chosen in rows}


def votes_of(candidates: list[Candidate], ballots: Mapping[Ballot, int]) -> dict[str, int]:
    return scores(ballots, [one.id for one in candidates], BallotKind.APPROVAL)


def shared(
    costs: Mapping[str, int], ballots: Mapping[Ballot, int], budget: int, **how: Any
) -> SharesOutcome:
    candidates = [Candidate(id, cost) for id, cost in costs.items()]
    votes = votes_of(candidates, ballots)
    return equal_shares(candidates, ballots, votes, budget, **how)


def once(costs: Mapping[str, int], ballots: Mapping[Ballot, int], budget: int) -> SharesOutcome:
    candidates = [Candidate(id, cost) for id, cost in costs.items()]
    return equal_shares_once(candidates, ballots, votes_of(candidates, ballots), budget)


def paid(outcome: SharesOutcome) -> list[Any]:
    return [(one.id, one.payment, one.payers, one.short) for one in outcome.purchases]


def shares(outcome: SharesOutcome) -> Any:
    """The first share and the last."""
    assert outcome.completed is not None
    return outcome.completed.first, outcome.completed.run.share


def sentences(outcome: Outcome) -> list[str]:
    return [SENTENCES[one.reason] % one.values(str) for one in outcome.standings]


def test_a_minority_gets_its_part_of_the_money() -> None:
    # By votes alone the sixty would take all; the forty can pay for their own.
    costs, ballots = {"a": 500, "b": 100, "c": 400}, pile((60, "ab"), (40, "c"))
    outcome = once(costs, ballots, 1000)
    assert outcome.funded == ("b", "a", "c")
    assert [one.payment for one in outcome.purchases] == [Fraction(5, 3), Fraction(25, 3), 10]


def test_who_has_too_little_gives_all_and_the_others_share_the_rest() -> None:
    ballots = pile((1, "ab"), (1, "b"))
    outcome = once({"a": 8, "b": 11}, ballots, 20)
    assert outcome.funded == ("b",)
    assert outcome.purchases[0].payment == Fraction(11, 2)
    outcome = once({"a": 3, "b": 12}, pile((2, "ab"), (1, "b")), 18)
    first, second = outcome.purchases
    assert (first.id, first.rho, first.payers, first.short) == ("b", Fraction(1, 3), 3, 0)
    assert (second.id, second.payment) == ("a", Fraction(3, 2))
    outcome = once({"a": 8, "b": 12}, pile((3, "ab"), (1, "b")), 20)
    assert paid(outcome) == [("b", 3, 4, 0)]
    assert sentences(outcome) == [
        "第 1 个选出：4 张选票平摊 12，每张至多 3，入选。",
        "支持它的 3 张选票最后一共只剩 6，不够 8，未入选。",
    ]


def test_those_short_of_money_are_told_apart() -> None:
    outcome = once({"a": 8, "b": 6}, pile((2, "ab"), (1, "b"), (1, "")), 20)
    assert paid(outcome) == [
        ("b", 2, 3, 0),
    ]
    outcome = once({"a": 6, "b": 8}, pile((3, "a"), (1, "ab"), (1, "b")), 30)
    assert paid(outcome) == [
        ("a", Fraction(3, 2), 4, 0),
        ("b", 4, 2, 0),
    ]
    outcome = once({"a": 6, "b": 10}, pile((3, "a"), (1, "ab"), (1, "b")), 30)
    assert [(one.payment, one.payers, one.short) for one in outcome.purchases[1:]] == [
        (Fraction(11, 2), 1, 1)
    ]
    assert sentences(outcome)[1] == (
        "第 2 个选出：1 张选票付出余下的全部，1 张每张至多付 6，凑足 10，入选。"
    )


def test_the_share_rises_until_the_next_step_would_buy_too_much() -> None:
    costs, ballots = {"a": 10, "b": 7, "c": 6}, pile((2, "a"), (1, "b"), (1, "c"))
    outcome = shared(costs, ballots, 17)
    assert shares(outcome) == (4, 6)
    assert (outcome.funded, outcome.spent) == (("a", "c"), 16)
    assert outcome.completed is not None
    assert outcome.completed.over == 23
    assert shares_answer(outcome, 0)["share"] == "6"


def test_the_first_share_is_rounded_down_to_whole_units_and_the_step_is_ones_own() -> None:
    costs, ballots = {"a": 1000, "b": 700}, pile((2, "a"), (1, "b"))
    outcome = shared(costs, ballots, 1350, unit=100, step=25)
    assert shares(outcome) == (400, 675)
    assert shares_answer(outcome, 2)["share"] == "6.75"


def test_the_share_is_raised_once_even_where_the_first_buys_everything() -> None:
    outcome = shared({"a": 1, "b": 1}, pile((3, "ab")), 100)
    assert outcome.funded == ("a", "b")
    assert outcome.share == Fraction(34)
    assert outcome.completed is not None
    assert outcome.completed.over is None


def test_with_utility_one_a_project_is_worth_the_same_whatever_it_costs() -> None:
    costs, ballots = {"big": 90, "small": 40}, {Ballot(("big", "small")): 4, Ballot(("big",)): 1}
    assert shared(costs, ballots, 90).funded == ("big",)
    ones = shared(costs, ballots, 90, utility=Utility.ONE)
    assert ones.funded == ("small",)
    assert ones.purchases[0].rho == Fraction(10)


def test_equal_rho_goes_by_cost_then_votes_then_id() -> None:
    ballots = {Ballot((id,)): 2 for id in ("d", "c", "cheap")}
    outcome = shared({"d": 4, "c": 4, "cheap": 2}, ballots, 12)
    assert outcome.funded == ("cheap", "c", "d")
    assert [(tie.candidates, tie.decided_by) for tie in outcome.rho_ties] == [
        (("cheap", "c", "d"), (TieStep.COST, TieStep.ID)),
        (("c", "d"), (TieStep.ID,)),
    ]
    assert shares_answer(outcome, 0)["ties"] == [
        {"rho": "1/2", "candidates": ["cheap", "c", "d"], "decided_by": ["cost", "id"]},
        {"rho": "1/2", "candidates": ["c", "d"], "decided_by": ["id"]},
    ]


def test_more_votes_decide_between_projects_of_one_cost_and_rho() -> None:
    # Points: both are named by two ballots, so they cost the same a head; b has more points.
    ballots = {Ballot(("a",), (1,)): 2, Ballot(("b",), (3,)): 2}
    candidates = [Candidate("a", 4), Candidate("b", 4)]
    votes = scores(ballots, ("a", "b"), BallotKind.CUMULATIVE)
    outcome = equal_shares(candidates, ballots, votes, 8)
    assert outcome.funded == ("b", "a")
    assert outcome.rho_ties[0].decided_by == (TieStep.VOTES,)


def test_the_order_of_ranks_and_the_number_of_points_do_not_matter_to_a_purse() -> None:
    costs = {"a": 6, "b": 6}
    one = shared(costs, {Ballot(("a", "b")): 1, Ballot(("b", "a")): 1}, 12)
    assert one.purchases == shared(costs, {Ballot(("a", "b")): 2}, 12).purchases


@pytest.mark.parametrize("ballots", [{}, {Ballot(()): 3}], ids=["no ballot", "blank ballots"])
def test_without_a_valid_ballot_nothing_is_funded(ballots: dict[Ballot, int]) -> None:
    for outcome in (shared({"a": 5}, ballots, 50), once({"a": 5}, ballots, 50)):
        assert (outcome.funded, outcome.spent) == ((), 0)
        assert outcome.standings[0].reason is Reason.NO_VOTES


def test_a_free_project_is_funded_only_if_somebody_wants_it() -> None:
    outcome = shared({"free": 0, "alone": 0, "a": 5}, {Ballot(("free", "a")): 2}, 4)
    assert outcome.funded == ("free",)
    assert outcome.purchases[0].payment == 0
    assert {one.id: one.reason for one in outcome.standings} == {
        "a": Reason.PURSES_TOO_SMALL, "free": Reason.PAID_EQUALLY, "alone": Reason.NO_VOTES
    }  # fmt: skip


def test_a_withdrawn_project_takes_no_part() -> None:
    candidates = [Candidate("a", 4), Candidate("gone", 1, withdrawn=True)]
    ballots = {Ballot(("a", "gone")): 2}
    outcome = equal_shares(candidates, ballots, votes_of(candidates, ballots), 4)
    assert outcome.funded == ("a",)
    assert (outcome.standings[-1].reason, outcome.standings[-1].place) == (Reason.WITHDRAWN, None)


def test_a_step_too_fine_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST_WORK", 20)
    heard: list[int] = []
    with pytest.raises(StepTooFine) as found:
        shared({"a": 10_000}, {Ballot(("a",)): 1, Ballot(()): 1}, 10_000, progress=heard.append)
    assert "--step" in str(found.value)
    assert heard == list(range(1, 21))


@pytest.mark.parametrize(
    ("candidates", "budget"),
    [([Candidate("a", 1), Candidate("a", 2)], 5), ([Candidate("a", -1)], 5), ([], -1)],
    ids=["one id twice", "negative cost", "negative budget"],
)
def test_what_is_no_election_raises(candidates: list[Candidate], budget: int) -> None:
    with pytest.raises(ValueError, match=r"two candidates|below zero"):
        equal_shares_once(candidates, {}, {"a": 0}, budget)


def test_amounts_are_written_exactly() -> None:
    assert fraction_text(Fraction(12345), 2) == "123.45"
    assert fraction_text(Fraction(1000, 3), 2) == "10/3"
