"""Write an act down; read and check the chain."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from voting.journal.models import JournalEntry
from voting.journal.rules import GENESIS, Actor, canonical, chain

_LOCK = 4_705_411  # any number that nothing else in this database locks


def record(
    session: Session,
    actor: Actor,
    act: str,
    *,
    now: datetime,
    kind: str,
    id: str,
    area_path: str | None = None,
    **details: object,
) -> JournalEntry:
    """Append one act. ``details`` are plain values and never personal data."""
    # The hash is of the text of the time, and the database gives every time back in UTC.
    now = now.astimezone(UTC)
    if session.get_bind().dialect.name == "postgresql":
        # The chain has one end: two transactions may not both continue it.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(
        select(JournalEntry.idx, JournalEntry.hash).order_by(JournalEntry.idx.desc()).limit(1)
    ).one_or_none()
    idx, previous = (last.idx + 1, last.hash) if last else (0, GENESIS)
    fields = {
        "actor_id": actor.id,
        "actor_name": actor.name,
        "area_path": actor.area_path if area_path is None else area_path,
        "act": act,
        "object_kind": kind,
        "object_id": id,
        "details": canonical(details),
    }
    entry = JournalEntry(
        idx=idx, at=now, prev_hash=previous, hash=chain(previous, idx, now, fields), **fields
    )
    session.add(entry)
    session.flush()
    return entry


def first_broken(entries: Iterable[JournalEntry]) -> int | None:
    """Return the idx of the first entry whose hash does not fit, or None if the chain holds."""
    previous = GENESIS
    for expected, entry in enumerate(entries):
        fields = {
            name: getattr(entry, name)
            for name in (
                "actor_id",
                "actor_name",
                "area_path",
                "act",
                "object_kind",
                "object_id",
                "details",
            )
        }
        if entry.idx != expected or entry.prev_hash != previous:
            return expected
        if entry.hash != chain(previous, entry.idx, entry.at, fields):
            return expected
        previous = entry.hash
    return None
