"""The use cases of the poster: claiming to be somebody, proving it, and forgetting that it was claimed."""

from voting.posters.service.claiming import (
    answer_message,
    claim_before_worker,
    claim_by_message,
    claim_by_screen,
    short_code,
)
from voting.posters.service.confirming import (
    ClaimSeen,
    Seen,
    confirm_claim,
    refuse_claim,
    see_claim,
)
from voting.posters.service.forgetting import forget_claims
from voting.posters.service.holding import find_waiting, is_proven, use_claim
from voting.posters.service.looking import claim_hash, claimable
from voting.posters.service.messages import (
    Outgoing,
    settle_message,
    take_message,
    waiting_messages,
)

__all__ = [
    "ClaimSeen",
    "Outgoing",
    "Seen",
    "answer_message",
    "claim_before_worker",
    "claim_by_message",
    "claim_by_screen",
    "claim_hash",
    "claimable",
    "confirm_claim",
    "find_waiting",
    "forget_claims",
    "is_proven",
    "refuse_claim",
    "see_claim",
    "settle_message",
    "short_code",
    "take_message",
    "use_claim",
    "waiting_messages",
]
