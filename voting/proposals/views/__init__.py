"""Proposals and candidates at the desk, the public page of a round, pictures."""

from voting.proposals.views import candidates, entering, listing, public
from voting.proposals.views.blueprint import bp

__all__ = ["bp", "candidates", "entering", "listing", "public"]
