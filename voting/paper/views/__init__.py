"""Paper at the desk, assisted voting, and the sheet on which everything must add up."""

from voting.paper.views import assisted_ballot, assisting
from voting.paper.views.blueprint import bp

__all__ = ["assisted_ballot", "assisting", "bp"]
