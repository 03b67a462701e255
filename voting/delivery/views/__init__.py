"""Pages about projects: for the neighbours, and at the desk."""

from voting.delivery.views import (
    history,
    lists,
    milestones,
    monthly,
    overview,
    packing,
    progress,
    public,
    spending,
    steps,
)
from voting.delivery.views.blueprint import bp

__all__ = [
    "bp",
    "history",
    "lists",
    "milestones",
    "monthly",
    "overview",
    "packing",
    "progress",
    "public",
    "spending",
    "steps",
]
