"""Rounds at the desk: the list, the wizard, the plan, who runs it; and everybody's time line."""

from voting.rounds.views import editing, listing, officers, opening, timeline
from voting.rounds.views.blueprint import bp

__all__ = ["bp", "editing", "listing", "officers", "opening", "timeline"]
