"""What later stages want in the ledger: they write it down, the ledger takes it at its next checkpoint."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.journal.rules import canonical
from voting.ledger.models import LedgerNote


def note_for_ledger(
    session: Session, *, now: datetime, round_id: str, kind: str, **facts: object
) -> LedgerNote:
    """Write down an entry of ``kind``; ``facts`` are the names and values of docs/2_rules/ledger.md."""
    body = canonical({"kind": kind, **facts})
    note = LedgerNote(round_id=round_id, at=now, kind=kind, body=body)
    session.add(note)
    session.flush()
    return note
