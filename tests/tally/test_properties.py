"""What holds for every election, tried on many small ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, scores
from voting.tally.rules.reasons import Reason
from voting.tally.rules.ties import ByBeneficiaries, ByCost, ByDraw

IDS = tuple("abcdef")
TIES = (ByBeneficiaries(), ByCost(), ByDraw(b"seed"))
Rule = Callable[..., Outcome]
RULES: Sequence[Rule] = (greedy, greedy_stop, partial(top_k, k=2))
every_rule = pytest.mark.parametrize("rule", RULES, ids=["greedy", "greedy_stop", "top_k"])


@dataclass(frozen=True)
class Case:
    candidates: tuple[Candidate, ...]
    ballots: tuple[Ballot, ...]
    budget: int
    least_votes: int

    def outcome(self, rule: Rule) -> Outcome:
        ids = [candidate.id for candidate in self.candidates]
        votes = scores(Counter(self.ballots), ids, BallotKind.APPROVAL)
        return rule(self.candidates, votes, self.budget, ties=TIES, least_votes=self.least_votes)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    candidates = tuple(
        Candidate(
            id,
            cost=draw(st.integers(0, 12)),
            beneficiaries=draw(st.integers(0, 2)),
            withdrawn=draw(st.booleans()) and draw(st.booleans()),
        )
        for id in IDS
    )
    picks = st.lists(st.sampled_from(IDS), max_size=4).map(tuple)
    return Case(
        candidates,
        tuple(Ballot(choices) for choices in draw(st.lists(picks, max_size=8))),
        draw(st.integers(0, 30)),
        draw(st.integers(0, 3)),
    )


@every_rule
@given(case=cases())
def test_no_rule_spends_more_than_the_budget(rule: Rule, case: Case) -> None:
    outcome = case.outcome(rule)
    cost = {candidate.id: candidate.cost for candidate in case.candidates}
    assert sum(cost[id] for id in outcome.funded) == outcome.spent <= case.budget
    assert outcome.left == case.budget - outcome.spent


@every_rule
@given(case=cases(), data=st.data())
def test_the_order_of_ballots_and_of_projects_does_not_matter(
    rule: Rule, case: Case, data: st.DataObject
) -> None:
    shuffled = replace(
        case,
        candidates=tuple(data.draw(st.permutations(case.candidates))),
        ballots=tuple(data.draw(st.permutations(case.ballots))),
    )
    assert shuffled.outcome(rule) == case.outcome(rule)


@every_rule
@given(case=cases(), data=st.data())
def test_one_more_approval_never_hurts_a_project(
    rule: Rule, case: Case, data: st.DataObject
) -> None:
    lucky = data.draw(st.sampled_from(IDS))
    more = replace(case, ballots=(*case.ballots, Ballot((lucky,))))
    if lucky in case.outcome(rule).funded:
        assert lucky in more.outcome(rule).funded


@every_rule
@given(case=cases())
def test_zero_votes_and_withdrawn_are_never_funded(rule: Rule, case: Case) -> None:
    outcome = case.outcome(rule)
    withdrawn = {candidate.id for candidate in case.candidates if candidate.withdrawn}
    for standing in outcome.standings:
        assert not (standing.funded and (standing.votes == 0 or standing.id in withdrawn))


@every_rule
@given(case=cases())
def test_every_project_has_one_standing_and_places_follow_the_votes(rule: Rule, case: Case) -> None:
    outcome = case.outcome(rule)
    assert sorted(one.id for one in outcome.standings) == sorted(IDS)
    placed = [one for one in outcome.standings if one.place is not None]
    assert [one.place for one in placed] == list(range(1, len(placed) + 1))
    assert [one.votes for one in placed] == sorted((one.votes for one in placed), reverse=True)
    assert outcome.funded == tuple(one.id for one in placed if one.funded)


@given(case=cases())
def test_greedy_leaves_out_nothing_that_still_fits(case: Case) -> None:
    outcome = case.outcome(greedy)
    for standing in outcome.standings:
        if standing.reason is Reason.DOES_NOT_FIT:
            assert standing.cost > outcome.left
