"""The public ledger as residents, losers, witnesses and the desk see it."""

from voting.ledger.views import data, desk, notice, proof, public
from voting.ledger.views.blueprint import bp

__all__ = ["bp", "data", "desk", "notice", "proof", "public"]
