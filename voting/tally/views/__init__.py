"""The paper that calls to the vote, the opening of the urn, the count, the lot among equal votes."""

from voting.tally.views import announcing, assisted, counting, drawing, keys
from voting.tally.views.blueprint import bp

__all__ = ["announcing", "assisted", "bp", "counting", "drawing", "keys"]
