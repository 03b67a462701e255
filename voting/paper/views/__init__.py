"""Paper at the desk: keyed by two, adjudicated, corrected, reconciled; and assisted voting."""

from voting.paper.views import (
    adjudicating,
    assisted_ballot,
    assisting,
    correcting,
    foreign,
    keying,
)
from voting.paper.views.blueprint import bp

__all__ = [
    "adjudicating",
    "assisted_ballot",
    "assisting",
    "bp",
    "correcting",
    "foreign",
    "keying",
]
