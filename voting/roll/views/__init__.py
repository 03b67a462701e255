"""The roll at the desk: who is listed, files read into it, people entered, and cards handed out."""

from voting.roll.views import handing_out, importing, listing, people, reports, uploads
from voting.roll.views.blueprint import bp

__all__ = ["bp", "handing_out", "importing", "listing", "people", "reports", "uploads"]
