"""Ballots inside a budget: a voter may choose any projects that together cost no more than a given sum.

Such a ballot is an approval of each project it names; only its validity is a matter of money.
"""

from collections.abc import Iterable, Mapping


def cost_of(choices: Iterable[int], costs: Mapping[int, int]) -> int:
    """Return what the chosen projects cost together, each counted once; raise KeyError."""
    return sum(costs[choice] for choice in set(choices))


def fits(choices: Iterable[int], costs: Mapping[int, int], most: int) -> bool:
    """Tell whether choices keep to ``most``; exactly that sum is allowed."""
    return cost_of(choices, costs) <= most
