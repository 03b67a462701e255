"""The chain of what officers did, and whether signed heads of it are still part of it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.journal.models import JournalEntry
from voting.journal.rules import GENESIS
from voting.journal.service import first_broken
from voting.ledger.models import Checkpoint
from voting.upkeep.rules.findings import Finding, found

_AT_ONCE = 2000


def check_journal(session: Session) -> Iterator[Finding]:
    """Find an entry that does not fit the chain, and signed heads that the chain does not hold any more."""
    heads = session.execute(select(Checkpoint.round_id, Checkpoint.size, Checkpoint.note)).all()
    broken = first_broken(_entries(session))
    if broken is not None:
        yield found("journal", index=broken)
    known = {one.hex() for one in session.scalars(select(JournalEntry.hash))} | {GENESIS.hex()}
    for row in heads:
        if _journal_of(row.note) not in known:
            yield found("journal_head", row.round_id, size=row.size)


def _entries(session: Session) -> Iterator[JournalEntry]:
    query = select(JournalEntry).order_by(JournalEntry.idx).limit(_AT_ONCE)
    rows = session.scalars(query).all()
    while rows:
        yield from rows
        last = rows[-1].idx
        session.expunge_all()
        rows = session.scalars(query.where(JournalEntry.idx > last)).all()


def _journal_of(note: str) -> str:
    lines = (line.partition(" ") for line in note.splitlines())
    return next((value for name, _, value in lines if name == "journal"), "")
