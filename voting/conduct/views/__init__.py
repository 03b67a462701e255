"""A round at the desk: where it stands, its next step, the people appointed to it; their own page."""

from voting.conduct.views import (
    cutting,
    duty,
    history,
    overview,
    papers,
    people,
    rehearsals,
    steps,
    withdrawing,
)
from voting.conduct.views.blueprint import bp

__all__ = [
    "bp",
    "cutting",
    "duty",
    "history",
    "overview",
    "papers",
    "people",
    "rehearsals",
    "steps",
    "withdrawing",
]
