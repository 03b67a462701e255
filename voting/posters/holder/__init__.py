"""What a browser keeps of a claim, and the short messages of this installation."""

from voting.posters.holder.cookies import Claimant, find_claimant, forget_claimant, remember_claim
from voting.posters.holder.heads import shown_head, tell_heads
from voting.posters.holder.sending import offered_factors, send_messages

__all__ = [
    "Claimant",
    "find_claimant",
    "forget_claimant",
    "offered_factors",
    "remember_claim",
    "send_messages",
    "shown_head",
    "tell_heads",
]
