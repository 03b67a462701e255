"""Polling places at the desk, and the public screen of each."""

from voting.polling.views import places, screens, shifts
from voting.polling.views.blueprint import bp

__all__ = ["bp", "places", "screens", "shifts"]
