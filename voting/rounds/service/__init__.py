"""Rounds: plan them, find them, and note what the clock has done to them."""

from voting.rounds.service.cloning import clone_plan, plan_of
from voting.rounds.service.days import days_asked, fit_days, help_number_of, work_days
from voting.rounds.service.finding import (
    PER_PAGE,
    RulesFrozen,
    all_rounds,
    get_round,
    history_of,
    hold_round,
    hold_unfrozen,
    in_order,
    notices_of,
    public_rounds,
    seen_by_all,
    was_public,
)
from voting.rounds.service.listing import RoundPage, Wanted, phase_in_force, rounds_in
from voting.rounds.service.officers import (
    RoundEnded,
    missing_in_area,
    offered_officers,
    officers_of,
    put_officers,
    set_officers,
)
from voting.rounds.service.planning import (
    REHEARSAL_MARK,
    AlreadyApproved,
    RoundOver,
    WrongLevel,
    change_round,
    create_round,
    plan_columns,
)
from voting.rounds.service.settling import BY_CLOCK, note_step, settle
from voting.rounds.service.timeline import successor_of, timeline_of

__all__ = [
    "BY_CLOCK",
    "PER_PAGE",
    "REHEARSAL_MARK",
    "AlreadyApproved",
    "RoundEnded",
    "RoundOver",
    "RoundPage",
    "RulesFrozen",
    "Wanted",
    "WrongLevel",
    "all_rounds",
    "change_round",
    "clone_plan",
    "create_round",
    "days_asked",
    "fit_days",
    "get_round",
    "help_number_of",
    "history_of",
    "hold_round",
    "hold_unfrozen",
    "in_order",
    "missing_in_area",
    "note_step",
    "notices_of",
    "offered_officers",
    "officers_of",
    "phase_in_force",
    "plan_columns",
    "plan_of",
    "public_rounds",
    "put_officers",
    "rounds_in",
    "seen_by_all",
    "set_officers",
    "settle",
    "successor_of",
    "timeline_of",
    "was_public",
    "work_days",
]
