"""From votes to funded projects: three rules, each with the reason for every project.

All three go down the list by votes, never fund a project without votes, pass over withdrawn ones, and
never spend more than the budget. Quotas and projects that exclude one another may stand in the way besides;
they pass a project over and never stop the way down. Money is whole smallest units (分).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voting.tally.rules.counting import Candidate
from voting.tally.rules.limits import NO_LIMITS, Kept, Limits
from voting.tally.rules.reasons import Reason
from voting.tally.rules.ties import Tie, TieBreaker, alike, arrange, find_ties


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What became of one project, with the figures that explain it; None where they played no part.

    ``place`` is None for a withdrawn project. ``left_before`` is the money left when its turn came.
    """

    id: str
    place: int | None
    votes: int
    cost: int
    reason: Reason
    left_before: int | None = None
    least_votes: int | None = None
    k: int | None = None
    stopped_by: str | None = None
    quota: str | None = None
    rival: str | None = None

    @property
    def funded(self) -> bool:
        """Whether the project gets its money."""
        return self.reason is Reason.FUNDED

    def values(
        self, money: Callable[[int], str], votes: Callable[[int], str] = str
    ) -> dict[str, object]:
        """Return what fills the sentence of its reason; ``money`` and ``votes`` write the figures."""
        return {
            "place": self.place,
            "votes": votes(self.votes),
            "cost": money(self.cost),
            "left_before": None if self.left_before is None else money(self.left_before),
            "least_votes": None if self.least_votes is None else votes(self.least_votes),
            "k": self.k,
            "stopped_by": self.stopped_by,
            "quota": self.quota,
            "rival": self.rival,
        }


@dataclass(frozen=True)
class Outcome:
    """The answer of a rule: ``standings`` by place, withdrawn last; ``funded`` in order of selection.

    ``ties`` are those among the projects that could have been funded. ``decisive`` are the groups that no
    step parts and on whose order it depends who is funded: nothing of it stands before their lot is drawn.
    """

    budget: int
    standings: tuple[Standing, ...]
    funded: tuple[str, ...]
    spent: int
    ties: tuple[Tie, ...]
    decisive: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True)

    @property
    def left(self) -> int:
        """The money that was not given out."""
        return self.budget - self.spent


@dataclass
class _Walk:
    """The way down the list: what is left, and where a rule that stops has stopped."""

    left: int
    stops: bool
    k: int | None
    least_votes: int
    kept: Kept
    stopped_by: str | None = None
    most_left: int = 0

    def standing(self, candidate: Candidate, votes: int, place: int) -> Standing:
        reason = self._reason(candidate, votes, place)
        reached = reason in {Reason.FUNDED, Reason.DOES_NOT_FIT}
        standing = Standing(
            id=candidate.id,
            place=place,
            votes=votes,
            cost=candidate.cost,
            reason=reason,
            left_before=self.left if reached else None,
            least_votes=self.least_votes if reason is Reason.BELOW_THRESHOLD else None,
            k=self.k if reason is Reason.BEYOND_K else None,
            stopped_by=self.stopped_by if reason is Reason.AFTER_STOP else None,
            quota=self.kept.full_quota(candidate) if reason is Reason.QUOTA_FULL else None,
            rival=self.kept.rival(candidate) if reason is Reason.EXCLUDED else None,
        )
        if reason is Reason.FUNDED:
            self.left -= candidate.cost
            self.kept.funded.append(candidate)
        elif reason is Reason.DOES_NOT_FIT and self.stops:
            self.stopped_by = candidate.id
        return standing

    def is_decisive(self, group: Sequence[Candidate], votes: int, place: int) -> bool:
        """Tell whether it depends on the order of equals who of them is funded; the first has ``place``.

        Ask when their turn comes: the argument stands in docs/2_rules/counting.md.
        """
        first = [self._reason(candidate, votes, place) for candidate in group]
        fit = [one for one, reason in zip(group, first, strict=True) if reason is Reason.FUNDED]
        if not fit or len(group) == 1:
            return False
        may_stop = self.stops and Reason.DOES_NOT_FIT in first
        is_cut = self.k is not None and place + len(group) - 1 > self.k
        return may_stop or is_cut or not self._has_room_for(fit)

    def may_be_funded(self, group: Sequence[Candidate], votes: int, place: int) -> bool:
        """Tell whether equals have the votes and the place, whatever those before them leave."""
        in_time = self.k is None or place <= self.k
        is_affordable = min(candidate.cost for candidate in group) <= self.most_left
        return len(group) > 1 and votes >= max(1, self.least_votes) and in_time and is_affordable

    def note_lot(self, group: Sequence[Candidate], votes: int, place: int) -> None:
        """Remember what a lot among equals leaves at most: one of those whose turn it may be is funded."""
        fit = [
            candidate.cost
            for candidate in group
            if self._reason(candidate, votes, place) is Reason.FUNDED
        ]
        self.most_left = self.left - min(fit)

    def _has_room_for(self, group: Sequence[Candidate]) -> bool:
        left, kept = self.left, Kept(self.kept.limits)
        kept.funded.extend(self.kept.funded)
        for one in group:
            if kept.rival(one) is not None or kept.full_quota(one) is not None or one.cost > left:
                return False
            kept.funded.append(one)
            left -= one.cost
        return True

    def _reason(self, candidate: Candidate, votes: int, place: int) -> Reason:
        if votes <= 0:
            return Reason.NO_VOTES
        if votes < self.least_votes:
            return Reason.BELOW_THRESHOLD
        if self.k is not None and place > self.k:
            return Reason.BEYOND_K
        if self.stopped_by is not None:
            return Reason.AFTER_STOP
        return self._room(candidate)

    def _room(self, candidate: Candidate) -> Reason:
        if self.kept.rival(candidate) is not None:
            return Reason.EXCLUDED
        if self.kept.full_quota(candidate) is not None:
            return Reason.QUOTA_FULL
        return Reason.FUNDED if candidate.cost <= self.left else Reason.DOES_NOT_FIT


def _withdrawn(candidate: Candidate, votes: int) -> Standing:
    return Standing(
        id=candidate.id,
        place=None,
        votes=votes,
        cost=candidate.cost,
        reason=Reason.WITHDRAWN,
    )


def _allocate(
    candidates: Iterable[Candidate],
    votes: Mapping[str, int],
    budget: int,
    ties: Sequence[TieBreaker],
    walk: _Walk,
) -> Outcome:
    field = list(candidates)
    if len({candidate.id for candidate in field}) != len(field):
        raise ValueError("two candidates have the same id")
    if budget < 0 or any(candidate.cost < 0 for candidate in field):
        raise ValueError("neither the budget nor a cost is below zero")
    gone = arrange((c for c in field if c.withdrawn), votes, ties)
    arranged = arrange((c for c in field if not c.withdrawn), votes, ties)
    placed: list[Standing] = []
    decisive: list[tuple[str, ...]] = []
    for group in alike(arranged, votes, ties):
        place = len(placed) + 1
        # What a lot decided further up may leave others for those who come after it: they are named as well.
        number = votes[group[0].id]
        is_decisive = walk.is_decisive(group, number, place)
        if is_decisive and not decisive:
            walk.note_lot(group, number, place)
        elif decisive and not is_decisive:
            is_decisive = walk.may_be_funded(group, number, place)
        if is_decisive:
            decisive.append(tuple(candidate.id for candidate in group))
        placed += [walk.standing(c, votes[c.id], at) for at, c in enumerate(group, place)]
    eligible = (c for c in arranged if votes[c.id] >= max(1, walk.least_votes))
    return Outcome(
        budget=budget,
        standings=(*placed, *(_withdrawn(c, votes[c.id]) for c in gone)),
        funded=tuple(standing.id for standing in placed if standing.funded),
        spent=budget - walk.left,
        ties=find_ties(eligible, votes, ties),
        decisive=tuple(decisive),
    )


def greedy(
    candidates: Iterable[Candidate],
    votes: Mapping[str, int],
    budget: int,
    *,
    ties: Sequence[TieBreaker],
    least_votes: int = 0,
    limits: Limits = NO_LIMITS,
) -> Outcome:
    """Fund what fits in what is left, pass over the rest and go on."""
    walk = _Walk(left=budget, stops=False, k=None, least_votes=least_votes, kept=Kept(limits))
    return _allocate(candidates, votes, budget, ties, walk)


def greedy_stop(
    candidates: Iterable[Candidate],
    votes: Mapping[str, int],
    budget: int,
    *,
    ties: Sequence[TieBreaker],
    least_votes: int = 0,
    limits: Limits = NO_LIMITS,
) -> Outcome:
    """Fund until the first project that does not fit, and stop there."""
    walk = _Walk(left=budget, stops=True, k=None, least_votes=least_votes, kept=Kept(limits))
    return _allocate(candidates, votes, budget, ties, walk)


def top_k(
    candidates: Iterable[Candidate],
    votes: Mapping[str, int],
    budget: int,
    *,
    k: int,
    ties: Sequence[TieBreaker],
    least_votes: int = 0,
    limits: Limits = NO_LIMITS,
) -> Outcome:
    """Fund the first ``k`` by votes; one of them that the money left cannot pay is not replaced."""
    if k < 1:
        raise ValueError("k is at least 1")
    walk = _Walk(left=budget, stops=False, k=k, least_votes=least_votes, kept=Kept(limits))
    return _allocate(candidates, votes, budget, ties, walk)
