from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import pytest

from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.answer import answer
from voting.tally.rules.counting import Candidate
from voting.tally.rules.reasons import SENTENCES, Reason
from voting.tally.rules.ties import ByBeneficiaries, ByCost, ById

TIES = (ByBeneficiaries(), ByCost(), ById())
LIST = [
    Candidate("road", cost=600),
    Candidate("hall", cost=500),
    Candidate("lamp", cost=300),
    Candidate("bench", cost=100),
    Candidate("tree", cost=50),
]
VOTES = {"road": 90, "hall": 80, "lamp": 70, "bench": 4, "tree": 0}


def reasons(outcome: Outcome) -> dict[str, Reason]:
    return {standing.id: standing.reason for standing in outcome.standings}


def test_greedy_passes_over_what_does_not_fit_and_goes_on() -> None:
    outcome = greedy(LIST, VOTES, 1000, ties=TIES)
    assert outcome.funded == ("road", "lamp", "bench")
    assert (outcome.spent, outcome.left) == (1000, 0)
    assert reasons(outcome) == {
        "road": Reason.FUNDED,
        "hall": Reason.DOES_NOT_FIT,
        "lamp": Reason.FUNDED,
        "bench": Reason.FUNDED,
        "tree": Reason.NO_VOTES,
    }


def test_greedy_stop_stops_at_the_first_that_does_not_fit() -> None:
    outcome = greedy_stop(LIST, VOTES, 1000, ties=TIES)
    assert outcome.funded == ("road",)
    assert reasons(outcome) == {
        "road": Reason.FUNDED,
        "hall": Reason.DOES_NOT_FIT,
        "lamp": Reason.AFTER_STOP,
        "bench": Reason.AFTER_STOP,
        "tree": Reason.NO_VOTES,
    }
    assert {one.stopped_by for one in outcome.standings} == {None, "hall"}


def test_top_k_takes_the_first_k() -> None:
    outcome = top_k(LIST, VOTES, 5000, k=2, ties=TIES)
    assert outcome.funded == ("road", "hall")
    assert reasons(outcome)["lamp"] is Reason.BEYOND_K
    assert reasons(outcome)["tree"] is Reason.NO_VOTES


def test_top_k_replaces_nobody_whom_the_money_cannot_pay() -> None:
    outcome = top_k(LIST, VOTES, 1000, k=2, ties=TIES)
    assert outcome.funded == ("road",)
    assert reasons(outcome)["hall"] is Reason.DOES_NOT_FIT
    assert reasons(outcome)["lamp"] is Reason.BEYOND_K


@pytest.mark.parametrize("least", [5, 70])
def test_a_threshold_includes_those_who_reach_it(least: int) -> None:
    outcome = greedy(LIST, VOTES, 5000, ties=TIES, least_votes=least)
    assert outcome.funded == ("road", "hall", "lamp")
    assert reasons(outcome)["bench"] is Reason.BELOW_THRESHOLD
    assert reasons(outcome)["tree"] is Reason.NO_VOTES


def test_one_vote_less_than_the_threshold_is_too_few() -> None:
    assert greedy(LIST, VOTES, 5000, ties=TIES, least_votes=71).funded == ("road", "hall")


def test_a_withdrawn_project_has_no_place_and_stops_nobody() -> None:
    field = [replace(LIST[0], withdrawn=True, cost=10**12), *LIST[1:]]
    outcome = greedy_stop(field, VOTES, 1000, ties=TIES)
    assert outcome.funded == ("hall", "lamp", "bench")
    last = outcome.standings[-1]
    assert (last.id, last.place, last.votes, last.reason) == ("road", None, 90, Reason.WITHDRAWN)
    assert [one.place for one in outcome.standings[:-1]] == [1, 2, 3, 4]


def test_everything_fits() -> None:
    outcome = greedy(LIST, VOTES | {"tree": 1}, 1550, ties=TIES)
    assert outcome.funded == ("road", "hall", "lamp", "bench", "tree")
    assert outcome.left == 0


@pytest.mark.parametrize("rule", [greedy, greedy_stop, partial(top_k, k=5)])
def test_nothing_fits(rule: Callable[..., Outcome]) -> None:
    outcome = rule(LIST, VOTES, 49, ties=TIES)
    assert outcome.funded == ()
    assert (outcome.spent, outcome.left) == (0, 49)
    assert reasons(outcome)["road"] is Reason.DOES_NOT_FIT


def test_without_a_valid_ballot_nothing_is_funded_even_if_it_is_free() -> None:
    field = [*LIST, Candidate("gift", cost=0)]
    outcome = greedy(field, dict.fromkeys([c.id for c in field], 0), 10**9, ties=TIES)
    assert outcome.funded == ()
    assert set(reasons(outcome).values()) == {Reason.NO_VOTES}
    assert outcome.ties == ()


def test_a_free_project_with_votes_is_funded_when_the_money_is_gone() -> None:
    field = [Candidate("road", 600), Candidate("gift", 0)]
    assert greedy_stop(field, {"road": 2, "gift": 1}, 600, ties=TIES).funded == ("road", "gift")


@pytest.mark.parametrize(
    ("first", "second", "winner", "step"),
    [
        pytest.param(Candidate("a", 9, 1), Candidate("b", 10, 2), "b", "beneficiaries", id="more"),
        pytest.param(Candidate("b", 9, 1), Candidate("a", 10, 1), "b", "cost", id="cheaper"),
        pytest.param(Candidate("b", 9, 1), Candidate("a", 9, 1), "a", "id", id="id"),
    ],
)
def test_a_tie_for_the_last_money_is_decided_by_the_declared_steps(
    first: Candidate, second: Candidate, winner: str, step: str
) -> None:
    outcome = greedy([first, second], {"a": 5, "b": 5}, 10, ties=TIES)
    assert outcome.funded == (winner,)
    assert [one.decided_by for one in outcome.ties] == [(step,)]


def test_ties_of_projects_that_cannot_be_funded_are_not_reported() -> None:
    field = [Candidate(id, 5) for id in "abcd"] + [Candidate("e", 5, withdrawn=True)]
    votes = {"a": 9, "b": 3, "c": 3, "d": 9, "e": 9}
    outcome = greedy(field, votes, 100, ties=TIES, least_votes=4)
    assert [tie.candidates for tie in outcome.ties] == [("a", "d")]


def test_the_reason_carries_the_figures_that_explain_it() -> None:
    outcome = greedy(LIST, VOTES, 1000, ties=TIES, least_votes=5)
    sentences = [SENTENCES[one.reason] % one.values(str) for one in outcome.standings]
    assert sentences == [
        "得票第 1 名，需要 600，当时还有 1000，够用，入选。",
        "得票第 2 名，需要 500，当时只剩 400，不够，未入选。",
        "得票第 3 名，需要 300，当时还有 400，够用，入选。",
        "得票 4，没有达到最低得票 5，不能入选。",
        "没有得票，不能入选。",
    ]


def test_stop_and_k_and_withdrawal_have_their_sentences() -> None:
    field = [*LIST, Candidate("kiosk", 1, withdrawn=True)]
    votes: Mapping[str, int] = VOTES | {"kiosk": 100}
    stop = greedy_stop(field, votes, 1000, ties=TIES).standings
    first = top_k(field, votes, 1000, k=1, ties=TIES).standings
    assert SENTENCES[stop[2].reason] % stop[2].values(str) == (
        "得票第 3 名。排在前面的 hall 资金不够，按规则到那里为止，未入选。"
    )
    assert SENTENCES[first[1].reason] % first[1].values(str) == (
        "得票第 2 名，按规则只取前 1 名，未入选。"
    )
    assert SENTENCES[stop[-1].reason] % stop[-1].values(str) == "已撤下，不参加排名。"


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


def test_the_answer_holds_what_scripts_rely_on() -> None:
    votes = {"road": 90, "hall": 90, "lamp": 70, "bench": 4, "tree": 0}
    facts = answer(greedy(LIST, votes, 1000, ties=TIES), rule="greedy", ballots=120, decimals=2)
    assert facts["rule"] == "greedy"
    assert facts["ballots"] == 120
    assert facts["votes"] == votes
    assert facts["funded"] == ["hall", "lamp", "bench"]
    assert (facts["budget"], facts["spent"], facts["left"]) == ("10.00", "9.00", "1.00")
    assert facts["ties"] == [
        {"votes": 90, "candidates": ["hall", "road"], "decided_by": ["cost"]},
    ]


def test_fractions_of_points_are_written_exactly() -> None:
    outcome = greedy([Candidate("a", 1)], {"a": 25}, 1, ties=TIES)
    facts = answer(outcome, rule="greedy", ballots=1, decimals=0, vote_decimals=1)
    assert facts["votes"] == {"a": "2.5"}


@pytest.mark.parametrize(
    ("field", "budget"),
    [
        pytest.param([LIST[0], LIST[0]], 1, id="the same id twice"),
        pytest.param([Candidate("road", -1)], 1, id="a cost below zero"),
        pytest.param(LIST, -1, id="a budget below zero"),
    ],
)
def test_what_makes_no_sense_is_refused(field: list[Candidate], budget: int) -> None:
    with pytest.raises(ValueError, match=r"id|zero"):
        greedy(field, VOTES, budget, ties=TIES)


def test_k_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        top_k(LIST, VOTES, 1000, k=0, ties=TIES)
