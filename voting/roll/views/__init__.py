"""The roll at the desk: who is listed, files read into it, people entered."""

from voting.roll.views import importing, listing, people, reports, uploads
from voting.roll.views.blueprint import bp

__all__ = ["bp", "importing", "listing", "people", "reports", "uploads"]
