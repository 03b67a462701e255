"""How few votes would have changed an outcome, held against trying everything."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.comparing.rules.margins import Margin, margin
from voting.rounds.rules import Allocation
from voting.tally.rules.counting import Candidate
from voting.tally.rules.deciding import Declared, outcome_of

SEED = b"seed"
FARTHEST = 4


def rule(allocation="greedy", *, budget=10, k=None, least=0):
    return Declared(
        allocation=Allocation(allocation), funded_count=k, least_votes=least, budget=budget,
        tie_steps="cost,draw",
    )  # fmt: skip


def funding(candidates, declared):
    return lambda votes: frozenset(
        outcome_of(candidates, votes, declared, least=declared.least_votes, seed=SEED).funded
    )


def margins(candidates, votes, declared):
    funded, least = funding(candidates, declared), max(1, declared.least_votes)
    return {one.id: margin(one, votes, funded, least) for one in candidates}


A, B, C = Candidate("a", 4), Candidate("b", 3), Candidate("c", 5)
VOTES = {"a": 20, "b": 10, "c": 6}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        # c fits beside a once it stands before b, whom equal votes put first: b is cheaper.
        (rule(), {"a": (None, 15), "b": (None, 5), "c": (5, None)}),
        (rule("greedy-stop"), {"a": (None, 15), "b": (None, 5), "c": (5, None)}),
        # b wins a tie with a and takes its place.
        (rule("top-k", k=1), {"a": (None, 10), "b": (10, None), "c": (15, None)}),
        (rule(least=18), {"a": (None, 3), "b": (8, None), "c": (12, None)}),
        (rule(budget=4), {"a": (None, 10), "b": (10, None), "c": (None, None)}),
    ],
    ids=["greedy", "stop", "first", "least", "dear"],
)
def test_a_margin_is_what_a_reader_would_count(declared, expected):
    found = margins([A, B, C], VOTES, declared)
    assert {id: (one.more, one.fewer) for id, one in found.items()} == expected


def test_a_withdrawn_project_has_no_margin():
    gone = Candidate("a", 4, withdrawn=True)
    assert margins([gone, B], {"a": 9, "b": 3}, rule())["a"] == Margin()


elections = st.integers(2, 4).flatmap(
    lambda number: st.tuples(
        st.lists(st.integers(0, 6), min_size=number, max_size=number),
        st.lists(st.integers(0, 5), min_size=number, max_size=number),
        st.integers(1, 10),
        st.sampled_from(list(Allocation)),
        st.integers(1, 3),
        st.integers(0, 3),
    )
)


def prepared(election):
    costs, votes, budget, allocation, k, least = election
    candidates = [Candidate(chr(97 + place), cost) for place, cost in enumerate(costs)]
    counted = {one.id: number for one, number in zip(candidates, votes, strict=True)}
    is_ranked = allocation is Allocation.TOP_K
    return (
        candidates,
        counted,
        rule(allocation, budget=budget, k=k if is_ranked else None, least=least),
    )


@given(elections)
@settings(max_examples=60, deadline=None)
def test_a_margin_is_the_first_number_of_votes_that_decides(election):
    candidates, votes, declared = prepared(election)
    funded = funding(candidates, declared)
    for id, found in margins(candidates, votes, declared).items():
        has = [id in funded({**votes, id: count}) for count in range(12)]
        mine = votes[id]
        if has[mine]:
            fewer = next(n for n in range(1, mine + 1) if not has[mine - n])
            assert found == Margin(fewer=fewer)
        else:
            more = next((n for n in range(1, 12 - mine) if has[mine + n]), None)
            assert found == Margin(more=more)


def everywhere(votes, distance):
    """Yield all votes that differ by so many single votes at most."""
    steps = range(-distance, distance + 1)
    for change in product(steps, repeat=len(votes)):
        if 0 < sum(map(abs, change)) <= distance:
            moved = {id: votes[id] + one for id, one in zip(votes, change, strict=True)}
            if min(moved.values()) >= 0:
                yield sum(map(abs, change)), moved


@given(elections)
@settings(max_examples=60, deadline=None)
def test_no_spread_of_fewer_votes_over_all_projects_changes_the_outcome(election):
    candidates, votes, declared = prepared(election)
    funded = funding(candidates, declared)
    before = funded(votes)
    nearest = min(
        (distance for distance, moved in everywhere(votes, FARTHEST) if funded(moved) != before),
        default=None,
    )
    found = [one.more or one.fewer for one in margins(candidates, votes, declared).values()]
    smallest = min((number for number in found if number is not None), default=None)
    if nearest is None:
        assert smallest is None or smallest > FARTHEST
    else:
        assert smallest == nearest
