"""What the database refuses where a candidate is taken off a list, or a budget is cut."""

from voting.persistence.guard import Guard
from voting.persistence.paper_guards import NO_REHEARSAL

_FROZEN = "(SELECT frozen_at FROM round WHERE id = NEW.round_id) IS NOT NULL"
_LEAVES = "NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL"
_OTHERS = (
    "(SELECT COUNT(*) FROM candidate AS other WHERE other.round_id = NEW.round_id AND other.id <> NEW.id "
    "AND other.ballot_number IS NOT NULL AND other.withdrawn_at IS NULL)"
)

_BY_TWO = "SELECT 1 FROM withdrawal WHERE candidate_id = NEW.id AND state = 'done'"
_PHASE = "(SELECT phase FROM round WHERE id = NEW.round_id)"
_LEAST = "(SELECT min_choices FROM round WHERE id = NEW.round_id)"

LIST_GUARDS = (
    Guard(
        "candidate_withdrawn_by_two", "candidate", "UPDATE", "two officers withdraw a candidate",
        f"{_LEAVES} AND {_FROZEN} AND NOT EXISTS ({_BY_TWO})",
        ("withdrawn_at",),
    ),
    # Who must tick at least M finds M to tick.
    Guard(
        "candidate_withdrawn_leaves_a_choice", "candidate", "UPDATE",
        "too few candidates would be left",
        f"{_LEAVES} AND {_FROZEN} AND ({_OTHERS} < 1 OR {_OTHERS} < {_LEAST})",
        ("withdrawn_at",),
    ),
    Guard(
        "candidate_stays_withdrawn", "candidate", "UPDATE", "a withdrawn candidate stays withdrawn",
        "OLD.withdrawn_at IS NOT NULL", ("withdrawn_at", "withdrawn_reason"),
    ),
    Guard(
        "withdrawal_decided", "withdrawal", "UPDATE", "a decided withdrawal stays",
        "OLD.state <> 'waiting'",
    ),
    Guard(
        "withdrawal_asked", "withdrawal", "UPDATE", "a withdrawal stays as it was asked",
        columns=(
            "id", "round_id", "candidate_id", "reason", "day", "decided_by", "file_digest", "file_name",
            "first_by", "first_at",
        ),
    ),
    Guard(
        "budget_cut_in_time", "budget_cut", "UPDATE", "the result is not in publicity",
        f"NEW.state = 'done' AND {_PHASE} NOT IN ('publicity', 'objection')", ("state",),
    ),
    Guard(
        "budget_cut_decided", "budget_cut", "UPDATE", "a decided cut stays", "OLD.state <> 'waiting'",
    ),
    Guard(
        "budget_cut_asked", "budget_cut", "UPDATE", "a cut stays as it was asked",
        columns=(
            "id", "round_id", "budget", "reason", "day", "decided_by", "file_digest", "file_name",
            "first_by", "first_at",
        ),
    ),
    Guard("budget_cut_no_delete", "budget_cut", "DELETE", "a cut stays", NO_REHEARSAL),
    Guard("withdrawal_no_delete", "withdrawal", "DELETE", "a withdrawal stays", NO_REHEARSAL),
)  # fmt: skip
