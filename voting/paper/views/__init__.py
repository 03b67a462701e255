"""Paper at the desk: printed, handed out, exchanged, keyed by two, reconciled; and assisted voting."""

from voting.paper.views import (
    adjudicating,
    assisted_ballot,
    assisting,
    batches,
    bundles,
    charging,
    correcting,
    exchange,
    foreign,
    genuine,
    hand_out,
    keying,
    reconciling,
    registers,
    settling,
)
from voting.paper.views.blueprint import bp

__all__ = [
    "adjudicating",
    "assisted_ballot",
    "assisting",
    "batches",
    "bp",
    "bundles",
    "charging",
    "correcting",
    "exchange",
    "foreign",
    "genuine",
    "hand_out",
    "keying",
    "reconciling",
    "registers",
    "settling",
]
