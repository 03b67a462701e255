"""What the database refuses around assisted voting, and once a bundle is counted or the sheet is signed."""

from voting.persistence.guard import Guard
from voting.persistence.paper_guards import RECONCILED

SHEET_GUARDS = (
    # Where the mark stands already, the session is the right: only an exchange may have made it.
    Guard(
        "assisted_session_exchanged", "assisted_session", "INSERT", "no exchange led here",
        "NEW.marked AND NOT EXISTS (SELECT 1 FROM exchange WHERE round_id = NEW.round_id "
        "AND elector_id = NEW.elector_id AND after = 'assisted')",
    ),
    Guard(
        "assisted_session_stays", "assisted_session", "UPDATE", "a session stays with its person",
        columns=("round_id", "elector_id", "marked"),
    ),
    Guard(
        "paper_batch_reconciled", "paper_batch", "INSERT", "the paper has been reconciled",
        RECONCILED.format(row="NEW"),
    ),
    Guard(
        "paper_batch_settled", "paper_batch", "UPDATE", "the paper has been reconciled",
        f"OLD.state <> NEW.state AND {RECONCILED.format(row='OLD')}", ("state",),
    ),
    Guard(
        "paper_batch_void", "paper_batch", "UPDATE", "papers of the batch came back",
        "NEW.state = 'void' AND EXISTS (SELECT 1 FROM paper_ballot WHERE batch_id = OLD.id "
        "AND state IN ('returned', 'entered', 'invalid'))",
        ("state",),
    ),
    Guard(
        "paper_bundle_counted", "paper_bundle", "UPDATE", "the bundle has been counted",
        "OLD.unused IS NOT NULL AND NEW.handed <> OLD.handed", ("handed",),
    ),
    Guard(
        "paper_bundle_reconciled", "paper_bundle", "UPDATE", "the paper has been reconciled",
        "EXISTS (SELECT 1 FROM reconciliation JOIN paper_batch ON paper_batch.round_id = "
        "reconciliation.round_id WHERE paper_batch.id = OLD.batch_id AND second_by IS NOT NULL)",
    ),
    Guard(
        "participation_reconciled", "participation", "INSERT", "the paper has been reconciled",
        RECONCILED.format(row="NEW"),
    ),
)  # fmt: skip
