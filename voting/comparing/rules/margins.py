"""How few votes would have changed an outcome (docs/2_rules/comparing.md has the argument).

Under each rule that goes down the list one more vote never takes the money from the project that received
it, so the number of votes is found by halving. The smallest of these numbers is the smallest number of votes,
given to or taken from any projects, that changes which projects are funded: whoever would change the outcome
with several projects can do it with one of them alone, and no more votes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voting.tally.rules.counting import Candidate

Funded = Callable[[Mapping[str, int]], frozenset[str]]


@dataclass(frozen=True)
class Margin:
    """``more`` votes fund a project that is not, ``fewer`` votes cost one that is its money; else None."""

    more: int | None = None
    fewer: int | None = None


def margin(
    candidate: Candidate,
    votes: Mapping[str, int],
    funded: Funded,
    least: int,
    possible: Funded | None = None,
) -> Margin:
    """Return how many votes of its own decide about a project; ``least`` is what a project needs.

    ``funded`` gives the outcome for any votes; equal votes are put in order as they were. Where a lot was
    never drawn, ``funded`` leaves out whom it would decide about and ``possible`` names them as well: such a
    tie may cost a project its money, or give it.
    """
    mine = votes[candidate.id]

    def has_money(count: int) -> bool:
        return candidate.id in asked({**votes, candidate.id: count})

    is_funded = candidate.id in funded(votes)
    asked = funded if is_funded or possible is None else possible
    if is_funded:
        return Margin(fewer=mine - _last(has_money, low=0, high=mine))
    # With one vote more than anybody it stands first; more do not help it further.
    most = max(mine, max(votes.values(), default=0) + 1, least)
    if candidate.withdrawn or not has_money(most):
        return Margin()
    return Margin(more=_last(has_money, low=mine, high=most) + 1 - mine)


def _last(has_money: Callable[[int], bool], *, low: int, high: int) -> int:
    """Return the largest number of votes without money; ``low`` has none, ``high`` has it."""
    while high - low > 1:
        middle = (low + high) // 2
        if has_money(middle):
            high = middle
        else:
            low = middle
    return low
