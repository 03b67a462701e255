"""What holds for every election, tried on many small ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.rounds.rules import CategoryQuota
from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.counting import Ballot, BallotKind, Candidate, scores
from voting.tally.rules.limits import limits_of
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
    quotas: tuple[CategoryQuota, ...] = ()

    def outcome(self, rule: Rule) -> Outcome:
        ids = [candidate.id for candidate in self.candidates]
        votes = scores(Counter(self.ballots), ids, BallotKind.APPROVAL)
        limits = limits_of(self.quotas, self.candidates)
        return rule(
            self.candidates, votes, self.budget,
            ties=TIES, least_votes=self.least_votes, limits=limits,
        )  # fmt: skip


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


@st.composite
def limited_cases(draw: st.DrawFn) -> Case:
    """Elections with quotas by category and with projects that exclude one another."""
    case = draw(cases())
    some = st.none() | st.integers(0, 2)
    candidates = tuple(
        replace(
            one, category=draw(st.sampled_from(("engineering", "service"))), rival_group=draw(some)
        )
        for one in case.candidates
    )
    quotas = (
        CategoryQuota("engineering", draw(some), draw(st.none() | st.integers(0, 12))),
        CategoryQuota("service", draw(some)),
    )
    return replace(case, candidates=candidates, quotas=quotas)


@every_rule
@given(case=limited_cases())
def test_no_rule_goes_over_a_quota_or_funds_two_rivals(rule: Rule, case: Case) -> None:
    outcome = case.outcome(rule)
    funded = [one for one in case.candidates if one.id in outcome.funded]
    assert sum(one.cost for one in funded) == outcome.spent <= case.budget
    for quota in case.quotas:
        inside = [one.cost for one in funded if one.category == quota.category]
        assert quota.projects is None or len(inside) <= quota.projects
        assert quota.money is None or sum(inside) <= quota.money
    groups = Counter(one.rival_group for one in funded if one.rival_group is not None)
    assert all(number == 1 for number in groups.values())


@every_rule
@given(case=limited_cases(), data=st.data())
def test_limits_do_not_depend_on_the_order_of_ballots_and_projects(
    rule: Rule, case: Case, data: st.DataObject
) -> None:
    shuffled = replace(
        case,
        candidates=tuple(data.draw(st.permutations(case.candidates))),
        ballots=tuple(data.draw(st.permutations(case.ballots))),
    )
    assert shuffled.outcome(rule) == case.outcome(rule)


@given(case=limited_cases())
def test_greedy_says_of_every_project_what_stood_in_its_way(case: Case) -> None:
    outcome = case.outcome(greedy)
    by_id = {one.id: one for one in case.candidates}
    for one in outcome.standings:
        if one.reason is Reason.EXCLUDED:
            assert one.rival in outcome.funded
            assert by_id[one.rival].rival_group == by_id[one.id].rival_group
        if one.reason is Reason.QUOTA_FULL:
            assert one.quota == by_id[one.id].category
