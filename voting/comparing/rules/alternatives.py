"""The same votes under every rule: what is funded, what it costs, how many ballots get something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from voting.comparing.rules.facts import (
    Alternative,
    Compared,
    Comparison,
    Rule,
    served_percent,
    served_side,
)
from voting.comparing.rules.margins import Margin, margin
from voting.rounds.rules import Allocation
from voting.tally.rules.allocation import Outcome
from voting.tally.rules.counting import Ballot, Candidate, ballot_count, scores
from voting.tally.rules.deciding import Declared, outcome_of
from voting.tally.rules.judging import Judged, Terms
from voting.tally.rules.sharing import equal_shares, equal_shares_once

MOST_RAISES = 2000
# Raises times groups of equal ballots of one try: some twenty seconds.
MOST_WORK = 4_000_000
_COARSER = 10
_LISTS = (Allocation.GREEDY, Allocation.GREEDY_STOP, Allocation.TOP_K)

Progress = Callable[[int, int], None]


class _TooFine(Exception):
    """A share that is raised by so little does not come to its end within the work allowed."""


@dataclass(frozen=True, kw_only=True)
class Votes:
    """The counted votes of a round with the rule it declared; ``unit`` is one whole unit of its money."""

    candidates: tuple[Candidate, ...]
    titles: Mapping[str, str]
    judged: Judged
    terms: Terms
    declared: Declared
    seed: bytes | None
    unit: int = 100

    @property
    def scores(self) -> dict[str, int]:
        """The votes of every candidate."""
        return scores(self.judged.naming, [one.id for one in self.candidates], self.terms.kind)

    @property
    def least(self) -> int:
        """How many votes a project needs under the rules that go down the list, at least one."""
        return max(1, self.declared.votes_needed(self.judged.valid_count))

    @property
    def has_limits(self) -> bool:
        """Whether quotas or rivals stand in the way of a project besides money."""
        has_rivals = any(one.rival_group is not None for one in self.candidates)
        return bool(self.declared.quotas) or has_rivals

    @property
    def with_blank(self) -> dict[Ballot, int]:
        """The ballots that have a share of the money: blank ones too (counting.md)."""
        blank = {Ballot(()): self.judged.blank} if self.judged.blank else {}
        return {**self.judged.valid, **blank}

    def outcome(self, votes: Mapping[str, int], declared: Declared | None = None) -> Outcome:
        """Return what a rule that goes down the list gives for any votes; the declared one unless given."""
        rule = declared or self.declared
        needed = rule.votes_needed(self.judged.valid_count)
        return outcome_of(list(self.candidates), votes, rule, least=needed, seed=self.seed)


def most_raises(votes: Votes) -> int:
    """Return how often a share is raised at most in one try."""
    return max(1, min(MOST_RAISES, MOST_WORK // max(1, len(votes.judged.valid))))


def compare(votes: Votes, progress: Progress = lambda _done, _most: None) -> Comparison:
    """Return what every rule gives; ``progress`` hears how often a share was raised, and the most."""
    counted = votes.scores
    outcome = votes.outcome(counted)
    return Comparison(
        valid=votes.judged.valid_count,
        budget=outcome.budget,
        least_votes=votes.declared.votes_needed(votes.judged.valid_count),
        projects=tuple(_projects(votes, counted, outcome)),
        has_limits=votes.has_limits,
        alternatives=(
            *_down_the_list(votes, counted, outcome),
            _equal_shares(votes, counted, progress),
            _alternative(
                votes,
                Rule.EQUAL_SHARES_ONCE,
                equal_shares_once(
                    votes.candidates, votes.with_blank, counted, votes.declared.budget
                ),
            ),
        ),
    )


def _projects(votes: Votes, counted: Mapping[str, int], outcome: Outcome) -> Iterator[Compared]:
    known = {one.id: one for one in votes.candidates}

    def sure(other: Mapping[str, int]) -> frozenset[str]:
        found = votes.outcome(other)
        return frozenset(found.funded).difference(*found.decisive)

    def possible(other: Mapping[str, int]) -> frozenset[str]:
        found = votes.outcome(other)
        return frozenset(found.funded).union(*found.decisive)

    for one in outcome.standings:
        found = (
            margin(known[one.id], counted, sure, votes.least, possible)
            if outcome.budget
            else Margin()
        )
        yield Compared(
            id=one.id, title=votes.titles[one.id], place=one.place, votes=one.votes, cost=one.cost,
            funded=one.funded, more=found.more, fewer=found.fewer,
        )  # fmt: skip


def _down_the_list(
    votes: Votes, counted: Mapping[str, int], outcome: Outcome
) -> Iterator[Alternative]:
    for allocation in _LISTS:
        is_declared = allocation is votes.declared.allocation
        k = (votes.declared.funded_count or len(outcome.funded)) or 1
        rule = replace(
            votes.declared,
            allocation=allocation,
            funded_count=k if allocation is Allocation.TOP_K else None,
        )
        found = outcome if is_declared else votes.outcome(counted, rule)
        yield _alternative(
            votes, Rule(allocation.value), found, declared=is_declared, k=rule.funded_count
        )


def _equal_shares(votes: Votes, counted: Mapping[str, int], progress: Progress) -> Alternative:
    """Raise the share by one unit of the money; where that takes too long, by ten, a hundred and so on."""
    most, step = most_raises(votes), votes.unit

    def heard(raises: int) -> None:
        progress(min(raises, most), most)
        if raises >= most:
            raise _TooFine

    while True:
        try:
            found = equal_shares(
                votes.candidates, votes.with_blank, counted, votes.declared.budget,
                unit=votes.unit, step=step, progress=heard,
            )  # fmt: skip
        except _TooFine:
            step *= _COARSER
        else:
            return _alternative(votes, Rule.EQUAL_SHARES, found, step=step)


def _alternative(
    votes: Votes,
    rule: Rule,
    outcome: Outcome,
    *,
    declared: bool = False,
    k: int | None = None,
    step: int | None = None,
) -> Alternative:
    funded, valid = frozenset(outcome.funded), votes.judged.valid
    served = sum(number for ballot, number in valid.items() if funded.intersection(ballot.choices))
    ballots = ballot_count(valid)
    return Alternative(
        rule=rule, declared=declared, funded=outcome.funded, spent=outcome.spent,
        served_percent=served_percent(served, ballots), side=served_side(served, ballots), k=k, step=step,
        tied=tuple(id for group in outcome.decisive for id in group),
    )  # fmt: skip
