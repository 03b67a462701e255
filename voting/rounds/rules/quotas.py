"""How much of a round one category of projects may take at most."""

from collections.abc import Mapping
from dataclasses import dataclass

# By category, in the order in which they are always named. Message ids.
QUOTA_NAMES: Mapping[str, str] = {
    "engineering": "工程类",
    "equipment": "设备采购类",
    "service": "服务采购类",
}


@dataclass(frozen=True)
class CategoryQuota:
    """At most so many projects of a category, at most so much money (分) for it; None sets no limit."""

    category: str
    projects: int | None = None
    money: int | None = None

    @property
    def name(self) -> str:
        """What the category is called."""
        return QUOTA_NAMES[self.category]


def quotas_of(plan: object) -> tuple[CategoryQuota, ...]:
    """Return the quotas of a plan, or of a round, which names its columns like one: those that are set."""
    every = (
        CategoryQuota(
            category,
            getattr(plan, f"quota_{category}"),
            getattr(plan, f"quota_{category}_money"),
        )
        for category in QUOTA_NAMES
    )
    return tuple(one for one in every if (one.projects, one.money) != (None, None))
