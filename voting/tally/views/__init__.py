"""The paper that calls to the vote, the opening of the urn, the count."""

from voting.tally.views import announcing, assisted, counting, keys
from voting.tally.views.blueprint import bp

__all__ = ["announcing", "assisted", "bp", "counting", "keys"]
