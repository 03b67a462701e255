"""How long a comparison takes for an urn larger than any street has filled."""

import random
import time
from collections import Counter

import pytest

from voting.comparing.rules.alternatives import Votes, compare, most_raises
from voting.comparing.rules.facts import Rule
from voting.rounds.rules import Allocation, BallotKind
from voting.tally.rules.counting import Ballot, Candidate
from voting.tally.rules.deciding import Declared
from voting.tally.rules.judging import Judged, Terms

CANDIDATES, CHOICES = 60, 12


def make_votes(number: int) -> Votes:
    """Make ballots of up to twelve of sixty projects, some wanted far more than others."""
    chance = random.Random(68)  # noqa: S311 -- made-up ballots, no secret
    candidates = tuple(
        Candidate(str(place), chance.randint(5, 60) * 1000_00, chance.randint(100, 2000))
        for place in range(1, CANDIDATES + 1)
    )
    weights = [chance.random() ** 2 + 0.02 for _ in candidates]
    ballots: Counter[Ballot] = Counter()
    for _ in range(number):
        wanted = chance.choices(range(1, CANDIDATES + 1), weights, k=chance.randint(1, CHOICES))
        ballots[Ballot(tuple(map(str, sorted(set(wanted)))))] += 1
    return Votes(
        candidates=candidates,
        titles={one.id: one.id for one in candidates},
        judged=Judged(ballots, 0, {}),
        terms=Terms(
            kind=BallotKind.APPROVAL, least=1, most=CHOICES, most_points=None,
            ids={int(one.id): one.id for one in candidates},
        ),
        declared=Declared(
            allocation=Allocation.GREEDY, funded_count=None, least_votes=0,
            budget=sum(one.cost for one in candidates) // 3, tie_steps="beneficiaries,cost,draw",
        ),
        seed=b"seed",
    )  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("number", [2_000, 100_000])
def test_a_comparison_ends_within_a_minute(number, record_property):
    votes = make_votes(number)
    begun = time.process_time()
    found = compare(votes)
    took = time.process_time() - begun
    shares = next(one for one in found.alternatives if one.rule is Rule.EQUAL_SHARES)
    record_property("groups", len(votes.judged.valid))
    record_property("seconds of one core", f"{took:.1f}")
    record_property("step in yuan", (shares.step or 0) // 100)
    assert most_raises(votes) * len(votes.judged.valid) <= 4_000_000
    assert took < 60
