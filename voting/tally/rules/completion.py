"""Equal Shares for a whole election: raising the share step by step until it would buy too much."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from voting.errors import Refusal
from voting.tally.rules.shares import Electorate, Run

# Runs times groups of ballots: beyond this a reader would wait for many minutes.
MOST_WORK = 20_000_000
Progress = Callable[[int], None]


class StepTooFine(Refusal):
    """One step is so little money that the end is not reached in reasonable time."""

    msgid = "份额加了 %(raises)s 次还没有结束：每次加的金额太少，请用 --step 写大一些。"


@dataclass(frozen=True)
class Completed:
    """The last run that keeps to the budget.

    ``first`` is the share of the first run. ``over`` is what the next share would have cost, at least; None
    when everything with votes is funded.
    """

    run: Run
    first: Fraction
    raises: int
    over: int | None


def most_raises(groups: int) -> int:
    """Return after how many raises an election with so many groups of equal ballots is given up."""
    return MOST_WORK // max(groups, 1)


def one_run(electorate: Electorate, budget: int) -> Run | None:
    """Return what an exact equal part of the budget buys; None when there is no ballot."""
    if not electorate.ballots:
        return None
    return electorate.run(Fraction(budget, electorate.ballots))


def complete(
    electorate: Electorate,
    budget: int,
    *,
    unit: int = 1,
    step: int = 1,
    progress: Progress | None = None,
) -> Completed | None:
    """Return the outcome with the share raised by ``step`` as long as the budget suffices.

    The first share is an equal part of the budget, rounded down to whole ``unit``s. None when there is no
    ballot. Raises StepTooFine; ``progress`` hears the number of raises.
    """
    if not electorate.ballots:
        return None
    first = share = Fraction(budget // (electorate.ballots * unit) * unit)
    last = electorate.run(share)
    most = most_raises(electorate.everybody.bit_length())
    for raises in range(1, most + 1):
        share += step
        run = electorate.run(share, budget)
        if run.spent > budget:
            return Completed(last, first, raises - 1, run.spent)
        last = run
        if len(run.purchases) == len(electorate.projects):
            return Completed(last, first, raises, None)
        if progress:
            progress(raises)
    raise StepTooFine(raises=most)
