"""Making, finding, spending and voiding cards."""

from voting.cards.service.spending import (
    CardFound,
    Spending,
    SpendOutcome,
    check_code_hmac,
    find_card,
    find_card_by_hash,
    find_card_by_short_code,
    short_code_hash,
    spend,
)

__all__ = [
    "CardFound",
    "SpendOutcome",
    "Spending",
    "check_code_hmac",
    "find_card",
    "find_card_by_hash",
    "find_card_by_short_code",
    "short_code_hash",
    "spend",
]
