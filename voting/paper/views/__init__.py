"""Paper at the desk: keyed by two, adjudicated, corrected."""

from voting.paper.views import adjudicating, correcting, foreign, keying
from voting.paper.views.blueprint import bp

__all__ = ["adjudicating", "bp", "correcting", "foreign", "keying"]
