"""Paper at the desk: printed, charged, handed out, exchanged, entered late; and what a scan of one tells."""

from voting.paper.views import batches, charging, exchange, genuine, hand_out, registers, settling
from voting.paper.views.blueprint import bp

__all__ = [
    "batches",
    "bp",
    "charging",
    "exchange",
    "genuine",
    "hand_out",
    "registers",
    "settling",
]
