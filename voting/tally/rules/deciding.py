"""From judged ballots to an outcome, by the rule a round declared."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from voting.rounds.rules import Allocation
from voting.tally.rules.allocation import Outcome, greedy, greedy_stop, top_k
from voting.tally.rules.balance import check_balance
from voting.tally.rules.counting import Candidate, scores
from voting.tally.rules.judging import Judged, Terms, named
from voting.tally.rules.ties import tie_rule

_DRAW = b"draw 1\x00"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The rule a round declared before its vote. Money is whole smallest units (分)."""

    allocation: Allocation
    funded_count: int | None
    least_votes: int
    budget: int
    tie_steps: str

    @property
    def name(self) -> str:
        """The name of the rule in an answer."""
        if self.allocation is Allocation.GREEDY and self.least_votes > 0:
            return "greedy-threshold"
        return self.allocation.value


def urn_digest(leaves: list[bytes]) -> bytes:
    """Return SHA-256 over the leaves of an urn, sorted as bytes and put one after another."""
    return hashlib.sha256(b"".join(sorted(leaves))).digest()


def draw_seed(config_hash: bytes, digest: bytes) -> bytes:
    """Return the seed of the lot: what the rules and the urn are decides it, so nobody can choose it."""
    return hashlib.sha256(_DRAW + config_hash + digest).digest()


def decide(
    judged: Judged,
    *,
    terms: Terms,
    declared: Declared,
    candidates: list[Candidate],
    seed: bytes,
) -> Outcome:
    """Return the outcome; refuse figures that cannot be true (docs/2_rules/counting.md)."""
    ids = [candidate.id for candidate in candidates]
    check_balance(named(judged.valid, ids), ballots=judged.valid_count, max_choices=terms.most)
    votes = scores(judged.valid, ids, terms.kind)
    return _allocate(candidates, votes, declared, seed)


def _allocate(
    candidates: list[Candidate], votes: Mapping[str, int], declared: Declared, seed: bytes
) -> Outcome:
    ties = tie_rule(declared.tie_steps, seed)
    budget, least = declared.budget, declared.least_votes
    if declared.allocation is Allocation.TOP_K:
        k = declared.funded_count or 0
        return top_k(candidates, votes, budget, k=k, ties=ties, least_votes=least)
    rule = greedy_stop if declared.allocation is Allocation.GREEDY_STOP else greedy
    return rule(candidates, votes, budget, ties=ties, least_votes=least)


def outcome_of(
    candidates: list[Candidate], votes: Mapping[str, int], declared: Declared, seed: bytes
) -> Outcome:
    """Return what a rule gives for any votes, also for others than were cast; the lot stays as drawn."""
    return _allocate(candidates, votes, declared, seed)
