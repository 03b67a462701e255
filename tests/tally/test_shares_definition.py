"""Equal Shares held against a version that follows the definition voter by voter; and what always holds."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.test_shares import once, shared
from voting.tally.rules.counting import Ballot
from voting.tally.rules.shares import Utility
from voting.tally.rules.sharing import SharesStanding

IDS = tuple("abcdef")
MANY = settings(max_examples=2000, deadline=None)
Case = tuple[dict[str, int], dict[Ballot, int], int]


def bought_by(
    costs: Mapping[str, int], voters: list[frozenset[str]], share: Fraction, utility: Utility
) -> list[str]:
    money = [share] * len(voters)
    votes = Counter(id for voter in voters for id in voter)
    waiting = {id for id in costs if votes[id]}
    funded: list[str] = []
    while True:
        offers = []
        for id in waiting:
            rho = rho_of(costs[id], [money[n] for n, voter in enumerate(voters) if id in voter])
            if rho is not None:
                worth = costs[id] if utility is Utility.COST and costs[id] else 1
                offers.append((rho / worth, costs[id], -votes[id], id, rho))
        if not offers:
            return funded
        *_, id, payment = min(offers)
        for number, voter in enumerate(voters):
            if id in voter:
                money[number] -= min(money[number], payment)
        waiting.discard(id)
        funded.append(id)


def rho_of(cost: int, purses: list[Fraction]) -> Fraction | None:
    left = Fraction(cost)
    for number, purse in enumerate(sorted(purses)):
        equal = left / (len(purses) - number)
        if purse >= equal:
            return equal
        left -= purse
    return None


@st.composite
def elections(draw: st.DrawFn) -> Case:
    costs = {id: draw(st.integers(0, 12)) for id in IDS}
    picks = st.lists(st.sampled_from(IDS), max_size=4, unique=True).map(tuple)
    chosen = draw(st.lists(picks, min_size=1, max_size=9))
    return costs, dict(Counter(Ballot(choices) for choices in chosen)), draw(st.integers(0, 40))


def check_against_the_definition(election: Case, utility: Utility) -> None:
    costs, ballots, budget = election
    voters = [frozenset(ballot.choices) for ballot, n in ballots.items() for _ in range(n)]
    outcome = once(costs, ballots, budget)
    share = Fraction(budget, len(voters))
    assert list(outcome.funded) == bought_by(costs, voters, share, Utility.COST)
    assert outcome.spent <= budget
    outcome = shared(costs, ballots, budget, utility=utility)
    share, kept = Fraction(budget // len(voters)), None
    named = {id for voter in voters for id in voter}
    while True:
        funded = bought_by(costs, voters, share, utility)
        if sum(costs[id] for id in funded) > budget:
            break
        kept, share = funded, share + 1
        if set(funded) == named and share > Fraction(budget // len(voters)) + 1:
            break
    assert (list(outcome.funded), outcome.share) == (kept, share - 1)
    assert outcome.spent == sum(costs[id] for id in kept or ()) <= budget


both = pytest.mark.parametrize("utility", list(Utility))


@both
@settings(max_examples=40, deadline=None)
@given(election=elections())
def test_it_does_what_the_definition_says(utility: Utility, election: Case) -> None:
    check_against_the_definition(election, utility)


@pytest.mark.soak
@both
@MANY
@given(election=elections())
def test_it_does_what_the_definition_says_many_times(utility: Utility, election: Case) -> None:
    check_against_the_definition(election, utility)


@both
@settings(max_examples=25, deadline=None)
@given(election=elections(), data=st.data())
def test_the_order_of_ballots_and_projects_and_how_they_are_grouped_do_not_matter(
    utility: Utility, election: Case, data: st.DataObject
) -> None:
    costs, ballots, budget = election
    other_costs = dict(data.draw(st.permutations(list(costs.items()))))
    other_ballots: dict[Ballot, int] = {}
    for ballot, number in data.draw(st.permutations(list(ballots.items()))):
        turned = Ballot(ballot.choices[::-1])
        other_ballots[turned] = other_ballots.get(turned, 0) + number
    outcome = shared(costs, ballots, budget, utility=utility)
    assert shared(other_costs, other_ballots, budget, utility=utility) == outcome
    again = Counter(one for ballot, n in ballots.items() for one in [ballot] * n)
    assert shared(costs, again, budget, utility=utility) == outcome


@settings(max_examples=25, deadline=None)
@given(election=elections(), times=st.integers(2, 5))
def test_every_ballot_so_many_times_with_so_much_more_money_funds_the_same(
    election: Case, times: int
) -> None:
    costs, ballots, budget = election
    more = {ballot: number * times for ballot, number in ballots.items()}
    outcome = once(costs, ballots, budget)
    larger = once({id: cost * times for id, cost in costs.items()}, more, budget * times)
    assert larger.funded == outcome.funded
    assert [one.payment for one in larger.purchases] == [one.payment for one in outcome.purchases]


@settings(max_examples=25, deadline=None)
@given(election=elections())
def test_what_is_paid_is_the_cost_and_what_is_left_cannot_pay(election: Case) -> None:
    costs, ballots, budget = election
    outcome = once(costs, ballots, budget)
    for one in outcome.standings:
        assert isinstance(one, SharesStanding)
        if one.purse is not None:
            assert one.purse < one.cost
    paid = sum(one.payment * one.payers for one in outcome.purchases)
    assert paid <= outcome.spent
    assert all(one.payers + one.short > 0 for one in outcome.purchases)


def check_one_more_approval(election: Case, number: int, lucky: str) -> None:
    costs, ballots, budget = election
    chosen = list(ballots)[number % len(ballots)]
    if lucky in chosen.choices:
        return
    more = dict(ballots)
    more[chosen] -= 1
    larger = Ballot((*chosen.choices, lucky))
    more[larger] = more.get(larger, 0) + 1
    if lucky in once(costs, ballots, budget).funded:
        assert lucky in once(costs, {one: n for one, n in more.items() if n}, budget).funded


@settings(max_examples=40, deadline=None)
@given(election=elections(), number=st.integers(0, 8), lucky=st.sampled_from(IDS))
def test_in_one_run_one_more_approval_never_hurts(election: Case, number: int, lucky: str) -> None:
    check_one_more_approval(election, number, lucky)


@pytest.mark.soak
@MANY
@given(election=elections(), number=st.integers(0, 8), lucky=st.sampled_from(IDS))
def test_in_one_run_one_more_approval_never_hurts_many_times(
    election: Case, number: int, lucky: str
) -> None:
    check_one_more_approval(election, number, lucky)
