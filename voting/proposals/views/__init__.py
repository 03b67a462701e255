"""Proposals and candidates at the desk, and what residents do and read."""

from voting.proposals.views import (
    appeals,
    candidates,
    entering,
    following,
    listing,
    merging,
    papers,
    public,
    removing,
    reviewing,
    rivals,
    screening,
    sending,
)
from voting.proposals.views.blueprint import bp

__all__ = [
    "appeals",
    "bp",
    "candidates",
    "entering",
    "following",
    "listing",
    "merging",
    "papers",
    "public",
    "removing",
    "reviewing",
    "rivals",
    "screening",
    "sending",
]
