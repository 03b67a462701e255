"""The outcome of Equal Shares: one standing and one sentence for every project, and every step."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from voting.tally.rules.allocation import Outcome, Standing
from voting.tally.rules.balance import decimal_text
from voting.tally.rules.completion import Completed, Progress, complete, one_run
from voting.tally.rules.counting import Ballot, Candidate
from voting.tally.rules.reasons import Reason
from voting.tally.rules.shares import Electorate, Purchase, Run, Utility
from voting.tally.rules.ties import ByCost, ById, TieStep, arrange


@dataclass(frozen=True, kw_only=True)
class SharesStanding(Standing):
    """What became of one project; None and 0 where a figure played no part.

    It was bought as number ``step``, for ``payment`` of each of ``payers`` ballots and for all that ``short``
    ballots had left; or its ``support`` ballots have only ``purse`` left together.
    """

    support: int
    step: int | None = None
    payment: Fraction | None = None
    payers: int = 0
    short: int = 0
    purse: Fraction | None = None

    @property
    def funded(self) -> bool:
        """Whether the project gets its money."""
        return self.reason in {Reason.PAID_EQUALLY, Reason.PAID_BY_ALL}

    def values(
        self, money: Callable[[int], str], votes: Callable[[int], str] = str
    ) -> dict[str, object]:
        """Return what fills the sentence of its reason; a payment is rounded up, a purse down."""
        return super().values(money, votes) | {
            "support": self.support,
            "step": self.step,
            "payment": None if self.payment is None else money(ceil(self.payment)),
            "payers": self.payers,
            "short": self.short,
            "purse": None if self.purse is None else money(floor(self.purse)),
        }


@dataclass(frozen=True)
class RhoTie:
    """Projects with the same rho when the first of them was bought, in the order they were put in."""

    rho: Fraction
    candidates: tuple[str, ...]
    decided_by: tuple[TieStep, ...]


@dataclass(frozen=True)
class SharesOutcome(Outcome):
    """The answer of Equal Shares. ``completed`` tells how the share was raised, None where it was not."""

    utility: Utility
    completed: Completed | None
    share: Fraction | None
    purchases: tuple[Purchase, ...]
    rho_ties: tuple[RhoTie, ...]

    def rho_text(self, rho: Fraction, decimals: int) -> str:
        """Write a rho: a share of the cost, or with utility one an amount of money."""
        return str(rho) if self.utility is Utility.COST else fraction_text(rho, decimals)


def equal_shares(
    candidates: Iterable[Candidate],
    ballots: Mapping[Ballot, int],
    votes: Mapping[str, int],
    budget: int,
    *,
    utility: Utility = Utility.COST,
    unit: int = 1,
    step: int = 1,
    progress: Progress | None = None,
) -> SharesOutcome:
    """Return what Equal Shares funds, the share raised by ``step`` while the budget suffices.

    The first share is rounded down to whole ``unit``s of the currency. Raises StepTooFine.
    """
    field, electorate = _prepared(candidates, ballots, votes, budget, utility)
    completed = complete(electorate, budget, unit=unit, step=step, progress=progress)
    return _outcome(
        field, electorate, votes, budget, completed.run if completed else None, completed
    )


def equal_shares_once(
    candidates: Iterable[Candidate],
    ballots: Mapping[Ballot, int],
    votes: Mapping[str, int],
    budget: int,
    *,
    utility: Utility = Utility.COST,
) -> SharesOutcome:
    """Return what Equal Shares funds in one run with an exact equal part of the budget for each ballot."""
    field, electorate = _prepared(candidates, ballots, votes, budget, utility)
    return _outcome(field, electorate, votes, budget, one_run(electorate, budget), None)


def _prepared(
    candidates: Iterable[Candidate],
    ballots: Mapping[Ballot, int],
    votes: Mapping[str, int],
    budget: int,
    utility: Utility,
) -> tuple[list[Candidate], Electorate]:
    field = list(candidates)
    if len({candidate.id for candidate in field}) != len(field):
        raise ValueError("two candidates have the same id")
    if budget < 0 or any(candidate.cost < 0 for candidate in field):
        raise ValueError("neither the budget nor a cost is below zero")
    return field, Electorate(field, ballots, votes, utility)


def _outcome(
    field: Sequence[Candidate],
    electorate: Electorate,
    votes: Mapping[str, int],
    budget: int,
    run: Run | None,
    completed: Completed | None,
) -> SharesOutcome:
    purchases = run.purchases if run else ()
    writer = _Writer(electorate, votes, purchases, run.purses() if run else {})
    order = (ByCost(), ById())
    placed = arrange((one for one in field if not one.withdrawn), votes, order)
    gone = arrange((one for one in field if one.withdrawn), votes, order)
    known = {one.id: one for one in field}
    return SharesOutcome(
        budget=budget,
        standings=(
            *(writer.standing(one, place) for place, one in enumerate(placed, 1)),
            *(writer.standing(one, None) for one in gone),
        ),
        funded=tuple(purchase.id for purchase in purchases),
        spent=run.spent if run else 0,
        ties=(),
        utility=electorate.utility,
        completed=completed,
        share=run.share if run else None,
        purchases=purchases,
        rho_ties=tuple(_tie(one, known, votes) for one in purchases if len(one.tied) > 1),
    )


class _Writer:
    """Writes the standing of each project out of the steps of a run."""

    def __init__(
        self,
        electorate: Electorate,
        votes: Mapping[str, int],
        purchases: Sequence[Purchase],
        purses: Mapping[str, Fraction],
    ) -> None:
        self.support = {project.id: project.support for project in electorate.projects}
        self.votes = votes
        self.bought = {one.id: (step, one) for step, one in enumerate(purchases, 1)}
        self.purses = purses

    def standing(self, candidate: Candidate, place: int | None) -> SharesStanding:
        step, bought = self.bought.get(candidate.id, (None, None))
        return SharesStanding(
            id=candidate.id,
            place=place,
            votes=self.votes[candidate.id],
            cost=candidate.cost,
            reason=self._reason(candidate, bought),
            support=self.support.get(candidate.id, 0),
            step=step,
            payment=bought.payment if bought else None,
            payers=bought.payers if bought else 0,
            short=bought.short if bought else 0,
            purse=self.purses.get(candidate.id),
        )

    def _reason(self, candidate: Candidate, bought: Purchase | None) -> Reason:
        if bought:
            return Reason.PAID_BY_ALL if bought.short else Reason.PAID_EQUALLY
        if candidate.withdrawn:
            return Reason.WITHDRAWN
        return Reason.PURSES_TOO_SMALL if candidate.id in self.purses else Reason.NO_VOTES


def _tie(purchase: Purchase, known: Mapping[str, Candidate], votes: Mapping[str, int]) -> RhoTie:
    def decided(first: str, second: str) -> TieStep:
        if known[first].cost != known[second].cost:
            return TieStep.COST
        return TieStep.VOTES if votes[first] != votes[second] else TieStep.ID

    steps = tuple(decided(first, second) for first, second in pairwise(purchase.tied))
    return RhoTie(purchase.rho, purchase.tied, steps)


def fraction_text(amount: Fraction, decimals: int) -> str:
    """Write an exact amount of smallest units: as a decimal number, or as a fraction of whole units."""
    whole: int = 10**decimals
    if amount.denominator == 1:
        return decimal_text(amount.numerator, decimals)
    return str(amount / whole)


def shares_answer(outcome: SharesOutcome, decimals: int) -> dict[str, object]:
    """Return what the answer of Equal Shares has besides that of every rule.

    Its ties are those of equal rho. ``share`` is the last share of a raised one, else null.
    """
    completed = outcome.completed
    return {
        "ties": [
            {
                "rho": outcome.rho_text(tie.rho, decimals),
                "candidates": list(tie.candidates),
                "decided_by": [step.value for step in tie.decided_by],
            }
            for tie in outcome.rho_ties
        ],
        "share": _share_text(completed.run.share, decimals) if completed else None,
        "steps": [
            {
                "id": one.id,
                "rho": outcome.rho_text(one.rho, decimals),
                "payment": fraction_text(one.payment, decimals),
                "payers": one.payers,
                "short": one.short,
            }
            for one in outcome.purchases
        ],
    }


def _share_text(share: Fraction, decimals: int) -> str:
    whole: int = 10**decimals
    units = share / whole
    return str(units.numerator) if units.denominator == 1 else fraction_text(share, decimals)
