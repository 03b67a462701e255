"""The roll at the desk: who is listed, files read into it, and cards handed out."""

from voting.roll.views import handing_out, importing, listing
from voting.roll.views.blueprint import bp

__all__ = ["bp", "handing_out", "importing", "listing"]
