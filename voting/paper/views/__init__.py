"""Paper at the desk: printed, handed out, exchanged, entered late; keyed, adjudicated, corrected."""

from voting.paper.views import (
    adjudicating,
    batches,
    charging,
    correcting,
    exchange,
    foreign,
    genuine,
    hand_out,
    keying,
    registers,
    settling,
)
from voting.paper.views.blueprint import bp

__all__ = [
    "adjudicating",
    "batches",
    "bp",
    "charging",
    "correcting",
    "exchange",
    "foreign",
    "genuine",
    "hand_out",
    "keying",
    "registers",
    "settling",
]
