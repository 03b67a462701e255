"""Ballots inside a budget: a voter may choose any projects that together cost no more than a given sum.

Such a ballot is an approval of each project it names; only its validity is a matter of money.
"""

from collections.abc import Mapping

from voting.tally.rules.counting import Ballot


def cost_of(ballot: Ballot, costs: Mapping[str, int]) -> int:
    """Return what the projects of a ballot cost together, each counted once; raise KeyError."""
    return sum(costs[choice] for choice in set(ballot.choices))


def fits(ballot: Ballot, costs: Mapping[str, int], most: int) -> bool:
    """Tell whether a ballot keeps to ``most``; exactly that sum is allowed."""
    return cost_of(ballot, costs) <= most


def parted(
    ballots: Mapping[Ballot, int], costs: Mapping[str, int], most: int
) -> tuple[dict[Ballot, int], int]:
    """Return the ballots that keep to ``most``, and how many do not."""
    kept = {ballot: number for ballot, number in ballots.items() if fits(ballot, costs, most)}
    return kept, sum(ballots.values()) - sum(kept.values())
