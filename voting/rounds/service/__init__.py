"""Rounds: plan them, find them, and note what the clock has done to them."""

from voting.rounds.service.finding import (
    PER_PAGE,
    RoundPage,
    RulesFrozen,
    all_rounds,
    get_round,
    history_of,
    hold_round,
    hold_unfrozen,
    in_order,
    notices_of,
    public_rounds,
    rounds_in,
    was_public,
)
from voting.rounds.service.planning import (
    AlreadyApproved,
    RoundOver,
    WrongLevel,
    change_round,
    create_round,
)
from voting.rounds.service.settling import BY_CLOCK, note_step, settle

__all__ = [
    "BY_CLOCK",
    "PER_PAGE",
    "AlreadyApproved",
    "RoundOver",
    "RoundPage",
    "RulesFrozen",
    "WrongLevel",
    "all_rounds",
    "change_round",
    "create_round",
    "get_round",
    "history_of",
    "hold_round",
    "hold_unfrozen",
    "in_order",
    "note_step",
    "notices_of",
    "public_rounds",
    "rounds_in",
    "settle",
    "was_public",
]
