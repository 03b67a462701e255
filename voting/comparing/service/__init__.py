"""The use cases of comparing: a comparison is made once, and read by officers or by everybody."""

from voting.comparing.service.making import (
    COMPARE,
    NotReviewedYet,
    is_reviewed,
    latest_comparison,
    order_comparison,
    store_comparison,
    votes_of,
)
from voting.comparing.service.showing import (
    ChannelColumn,
    ShownComparison,
    find_comparison,
    public_comparison,
    shown_comparison,
)

__all__ = [
    "COMPARE",
    "ChannelColumn",
    "NotReviewedYet",
    "ShownComparison",
    "find_comparison",
    "is_reviewed",
    "latest_comparison",
    "order_comparison",
    "public_comparison",
    "shown_comparison",
    "store_comparison",
    "votes_of",
]
