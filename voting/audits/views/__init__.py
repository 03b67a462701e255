"""Spot checks at the desk: test cards from the draw to the reveal, and call-backs."""

from voting.audits.views import calls, drawing, overview, revealing, sampling
from voting.audits.views.blueprint import bp

__all__ = ["bp", "calls", "drawing", "overview", "revealing", "sampling"]
