"""What may stand in a project's way besides money: quotas of categories, projects that exclude one another.

Going down the list, whoever comes first takes the place.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from voting.rounds.rules import CategoryQuota
from voting.tally.rules.counting import Candidate


@dataclass(frozen=True)
class Quota:
    """At most so many projects of a category, or so much money for it; None where it sets no limit."""

    name: str
    ids: frozenset[str]
    most_projects: int | None = None
    most_money: int | None = None


@dataclass(frozen=True)
class Limits:
    """The quotas of a round, and groups of projects of which at most one is funded."""

    quotas: tuple[Quota, ...] = ()
    rivals: tuple[frozenset[str], ...] = ()


NO_LIMITS = Limits()


def limits_of(quotas: Iterable[CategoryQuota], candidates: Sequence[Candidate]) -> Limits:
    """Return the limits that quotas by category and groups of rivals set to these candidates."""
    rivals: defaultdict[int, set[str]] = defaultdict(set)
    for one in candidates:
        if one.rival_group is not None:
            rivals[one.rival_group].add(one.id)
    return Limits(
        quotas=tuple(
            Quota(
                quota.category,
                frozenset(one.id for one in candidates if one.category == quota.category),
                quota.projects,
                quota.money,
            )
            for quota in quotas
        ),
        rivals=tuple(map(frozenset, rivals.values())),
    )


@dataclass
class Kept:
    """What has been funded so far, held against the limits."""

    limits: Limits
    funded: list[Candidate] = field(default_factory=list)

    def full_quota(self, candidate: Candidate) -> str | None:
        """Return the name of the first quota that has no room for a project; None if all have."""
        for quota in self.limits.quotas:
            if candidate.id in quota.ids and not _has_room(quota, candidate, self.funded):
                return quota.name
        return None

    def rival(self, candidate: Candidate) -> str | None:
        """Return the id of the funded project that excludes this one; None if none does."""
        for group in self.limits.rivals:
            for other in self.funded:
                if candidate.id in group and other.id in group:
                    return other.id
        return None


def _has_room(quota: Quota, candidate: Candidate, funded: Sequence[Candidate]) -> bool:
    inside = [other.cost for other in funded if other.id in quota.ids]
    if quota.most_projects is not None and len(inside) >= quota.most_projects:
        return False
    return quota.most_money is None or sum(inside) + candidate.cost <= quota.most_money
