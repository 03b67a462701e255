"""From judged ballots to an outcome, by the rule a round declared."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from voting.rounds.rules import Allocation, CategoryQuota
from voting.tally.rules.allocation import Outcome, Standing, greedy, greedy_stop, top_k
from voting.tally.rules.balance import check_balance
from voting.tally.rules.counting import Candidate, scores
from voting.tally.rules.judging import Judged, Terms, named
from voting.tally.rules.limits import limits_of
from voting.tally.rules.reasons import Reason
from voting.tally.rules.thresholds import Turnout, least_votes_of
from voting.tally.rules.ties import tie_rule

_URN_DRAW = b"draw 1\x00"
_PUBLIC_DRAW = b"draw 2\x00"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The rule a round declared before its vote. Money is whole smallest units (分).

    ``least_share`` is thousandths of the valid ballots, ``least_turnout`` thousandths of the roll.
    """

    allocation: Allocation
    funded_count: int | None
    least_votes: int
    budget: int
    tie_steps: str
    least_share: int = 0
    least_turnout: int = 0
    quotas: tuple[CategoryQuota, ...] = ()

    @property
    def name(self) -> str:
        """The name of the rule in an answer."""
        if self.allocation is Allocation.GREEDY and (self.least_votes or self.least_share):
            return "greedy-threshold"
        return self.allocation.value

    def votes_needed(self, valid_ballots: int) -> int:
        """Return how many votes a project needs of so many valid ballots: number or share, the larger."""
        share = Fraction(self.least_share, 1000)
        return least_votes_of(valid_ballots, number=self.least_votes, share=share)


def urn_digest(leaves: list[bytes]) -> bytes:
    """Return SHA-256 over the leaves of an urn, sorted as bytes and put one after another."""
    return hashlib.sha256(b"".join(sorted(leaves))).digest()


def draw_seed(config_hash: bytes, digest: bytes) -> bytes:
    """Return the seed of the lot: what the rules and the urn are decides it, so nobody can choose it."""
    return hashlib.sha256(_URN_DRAW + config_hash + digest).digest()


def public_seed(root: bytes, public_number: str) -> bytes:
    """Return the seed of a lot drawn in public, from a root (32 bytes) and digits nobody knew at its time."""
    return hashlib.sha256(_PUBLIC_DRAW + root + public_number.encode("ascii")).digest()


def decide(
    judged: Judged,
    *,
    terms: Terms,
    declared: Declared,
    candidates: list[Candidate],
    seed: bytes | None,
    turnout: Turnout | None = None,
) -> Outcome:
    """Return the outcome; refuse figures that cannot be true (docs/2_rules/counting.md).

    Without a ``seed`` the lot has not been drawn: what the other steps leave open stays undecided.
    ``turnout`` is given where the round declared a least turnout.
    """
    ids = [candidate.id for candidate in candidates]
    gone = {candidate.id for candidate in candidates if candidate.withdrawn}
    counted = {id: votes for id, votes in named(judged.valid, ids).items() if id not in gone}
    check_balance(counted, ballots=judged.valid_count, max_choices=terms.most)
    votes = scores(judged.naming, ids, terms.kind)
    needed = declared.votes_needed(judged.valid_count)
    outcome = outcome_of(candidates, votes, declared, least=needed, seed=seed)
    return outcome if turnout is None or turnout.suffices else _without_funding(outcome)


def outcome_of(
    candidates: list[Candidate],
    votes: Mapping[str, int],
    declared: Declared,
    *,
    least: int,
    seed: bytes | None,
) -> Outcome:
    """Return what a rule gives for any votes, also for others than were cast; the lot stays as drawn.

    ``least`` is how many votes a project needs (``Declared.votes_needed``).
    """
    ties = tie_rule(declared.tie_steps, seed)
    budget, limits = declared.budget, limits_of(declared.quotas, candidates)
    if declared.allocation is Allocation.TOP_K:
        k = declared.funded_count or 0
        return top_k(candidates, votes, budget, k=k, ties=ties, least_votes=least, limits=limits)
    rule = greedy_stop if declared.allocation is Allocation.GREEDY_STOP else greedy
    return rule(candidates, votes, budget, ties=ties, least_votes=least, limits=limits)


def _without_funding(outcome: Outcome) -> Outcome:
    """Return the same standing with nothing funded: too few took part, whatever the votes say."""
    return replace(
        outcome,
        standings=tuple(map(_void, outcome.standings)),
        funded=(),
        spent=0,
        # Nothing is to be decided among equals where nobody gets anything.
        ties=(),
        decisive=(),
    )


def _void(one: Standing) -> Standing:
    if one.place is None or one.reason is Reason.NO_VOTES:
        return one
    reason = Reason.TURNOUT_TOO_LOW
    return Standing(id=one.id, place=one.place, votes=one.votes, cost=one.cost, reason=reason)
