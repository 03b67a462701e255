"""The guards of keying: what was keyed stays, and nobody decides or takes back alone."""

from voting.persistence.guard import Guard

NO_REHEARSAL = "COALESCE((SELECT kind FROM round WHERE id = OLD.round_id), 'real') <> 'rehearsal'"
_SIGNED = "SELECT 1 FROM reconciliation WHERE round_id = {row}.round_id AND second_by IS NOT NULL"
RECONCILED = f"EXISTS ({_SIGNED})"
_OPENED = "(SELECT second_officer FROM urn_opening WHERE round_id = NEW.round_id) IS NOT NULL"

KEYING_GUARDS = (
    Guard("paper_sample_in_time", "paper_sample", "INSERT", "the urn is open", _OPENED),
    Guard(
        "paper_sample_keyed_in_time", "paper_sample", "UPDATE", "the urn is open",
        f"NEW.sealed IS NOT NULL AND {_OPENED}", ("sealed", "keyed_by"),
    ),
    Guard(
        "paper_sample_stays", "paper_sample", "UPDATE", "a draw is never taken back",
        columns=("round_id", "serial", "place", "drawn_at", "drawn_by", "monitor_id"),
    ),
    Guard(
        "paper_sample_no_delete", "paper_sample", "DELETE", "a draw is never taken back", NO_REHEARSAL,
    ),
    Guard(
        "paper_ballot_taken_back", "paper_ballot", "UPDATE", "what was settled is taken back by two",
        "OLD.state IN ('entered', 'invalid') AND NOT EXISTS (SELECT 1 FROM paper_void "
        "WHERE round_id = OLD.round_id AND serial = OLD.serial AND generation = OLD.generation "
        "AND second_by IS NOT NULL)",
        ("state", "slot", "generation", "reason"),
    ),
    Guard(
        "paper_keying_in_time", "paper_keying", "INSERT", "the paper has been reconciled",
        RECONCILED.format(row="NEW"),
    ),
    Guard(
        "paper_keying_stays", "paper_keying", "UPDATE", "what was keyed is not keyed over",
        "NEW.sealed IS NOT NULL OR NEW.round_id <> OLD.round_id OR NEW.serial <> OLD.serial OR "
        'NEW.generation <> OLD.generation OR NEW.turn <> OLD.turn OR NEW."by" <> OLD."by"',
    ),
    Guard(
        "paper_keying_no_delete", "paper_keying", "DELETE", "what was keyed is not keyed over",
        NO_REHEARSAL,
    ),
    Guard(
        "paper_decision_watched", "paper_decision", "INSERT", "a monitor watches",
        "NOT EXISTS (SELECT 1 FROM appointment WHERE id = NEW.monitor_id AND round_id = NEW.round_id "
        "AND duty = 'monitor' AND ended_at IS NULL)",
    ),
    Guard(
        "paper_decision_third", "paper_decision", "INSERT", "a keyer does not adjudicate",
        "EXISTS (SELECT 1 FROM paper_keying WHERE round_id = NEW.round_id AND serial = NEW.serial "
        'AND generation = NEW.generation AND "by" = NEW."by")',
    ),
    Guard("paper_decision_no_update", "paper_decision", "UPDATE", "a decision stays as it was made"),
    Guard(
        "paper_decision_no_delete", "paper_decision", "DELETE", "a decision stays as it was made",
        NO_REHEARSAL,
    ),
    Guard(
        "paper_foreign_seen", "paper_foreign", "UPDATE", "what two have seen stays",
        "OLD.second_by IS NOT NULL",
    ),
    Guard(
        "paper_foreign_no_delete", "paper_foreign", "DELETE", "what two have seen stays",
        f"OLD.second_by IS NOT NULL AND {NO_REHEARSAL}",
    ),
    Guard(
        "paper_void_in_time", "paper_void", "INSERT", "the paper has been reconciled",
        RECONCILED.format(row="NEW"),
    ),
    Guard(
        "paper_void_confirmed", "paper_void", "UPDATE", "what was voided stays void",
        "OLD.second_by IS NOT NULL",
    ),
    Guard(
        "paper_void_no_delete", "paper_void", "DELETE", "what was voided stays void",
        f"OLD.second_by IS NOT NULL AND {NO_REHEARSAL}",
    ),
)  # fmt: skip
