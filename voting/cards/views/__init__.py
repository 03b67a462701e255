"""Cards at the desk: batches made, printed, settled; single cards voided and replaced; the poster."""

from voting.cards.views import batches, issuing, poster, settling, sheets, single
from voting.cards.views.blueprint import bp

__all__ = ["batches", "bp", "issuing", "poster", "settling", "sheets", "single"]
