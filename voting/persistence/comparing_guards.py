"""The guards of what is told beside a result: nothing before its time, and nothing is changed afterwards."""

from voting.persistence.guard import Guard
from voting.persistence.paper_guards import NO_REHEARSAL

_NOT_COUNTED = "NOT EXISTS (SELECT 1 FROM tally WHERE round_id = NEW.round_id)"
_NOT_DECLARED = "(SELECT declared_at FROM result WHERE round_id = NEW.round_id) IS NULL"

COMPARING_GUARDS = (
    Guard(
        "channel_vote_after_count", "channel_vote", "INSERT", "the urn has not been counted",
        _NOT_COUNTED,
    ),
    Guard("channel_vote_no_update", "channel_vote", "UPDATE", "what was counted stays"),
    Guard(
        "channel_vote_no_delete", "channel_vote", "DELETE", "what was counted stays", NO_REHEARSAL,
    ),
    Guard(
        "turnout_cell_declared", "turnout_cell", "INSERT", "the result is not declared",
        _NOT_DECLARED,
    ),
    Guard("turnout_cell_no_update", "turnout_cell", "UPDATE", "a declared figure stays"),
    Guard(
        "turnout_cell_no_delete", "turnout_cell", "DELETE", "a declared figure stays", NO_REHEARSAL,
    ),
    Guard(
        "comparison_after_count", "comparison", "INSERT", "the urn has not been counted",
        _NOT_COUNTED,
    ),
    Guard("comparison_no_update", "comparison", "UPDATE", "a comparison stays as it was made"),
    Guard(
        "comparison_no_delete", "comparison", "DELETE", "a comparison stays as it was made",
        NO_REHEARSAL,
    ),
)  # fmt: skip
