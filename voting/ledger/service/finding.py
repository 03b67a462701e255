"""Reading a ledger: its head, its checkpoints, its entries, the place of a ballot."""

from collections.abc import Iterator
from typing import cast

from sqlalchemy import Table, exists, func, or_, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.cards.models import CardBatch
from voting.errors import NotFound
from voting.ledger.models import Checkpoint, Ledger, LedgerEntry, LedgerNote
from voting.ledger.rules.entries import ACTS
from voting.ledger.rules.notes import head_digits
from voting.paper.models import PaperBatch
from voting.rounds.models import PhaseChange, Round

_ENTRY = cast("Table", LedgerEntry.__table__)
_AT_ONCE = 5000


def find_ledger(session: Session, round_id: str) -> Ledger | None:
    """Return the ledger of a round, or None before its rules were frozen."""
    return session.get(Ledger, round_id)


def get_ledger(session: Session, round_id: str) -> Ledger:
    """Return the ledger of a round; raise NotFound."""
    ledger = find_ledger(session, round_id)
    if ledger is None:
        raise NotFound
    return ledger


def find_head(session: Session, round_id: str) -> Checkpoint | None:
    """Return the newest checkpoint of a round, or None."""
    newest = select(Checkpoint).where(Checkpoint.round_id == round_id)
    return session.scalars(newest.order_by(Checkpoint.size.desc()).limit(1)).one_or_none()


def shown_head(session: Session, round_id: str) -> str:
    """Return the head of a round as pages show it, or nothing where no checkpoint was signed yet."""
    head = find_head(session, round_id)
    return head_digits(head.root) if head else ""


def get_checkpoint(session: Session, round_id: str, size: int) -> Checkpoint:
    """Return the checkpoint of this size; raise NotFound."""
    found = session.get(Checkpoint, (round_id, size)) if 0 < size < 2**63 else None
    if found is None:
        raise NotFound
    return found


def first_over(session: Session, round_id: str, kind: str) -> Checkpoint | None:
    """Return the first checkpoint that covers the first entry of a kind, or None."""
    entry = select(func.min(_ENTRY.c.idx)).where(
        _ENTRY.c.round_id == round_id, _ENTRY.c.kind == kind
    )
    covering = select(Checkpoint).where(
        Checkpoint.round_id == round_id, Checkpoint.size > entry.scalar_subquery()
    )
    return session.scalars(covering.order_by(Checkpoint.size).limit(1)).one_or_none()


def checkpoints_of(
    session: Session, round_id: str, *, limit: int | None = None, offset: int = 0
) -> list[Checkpoint]:
    """Return checkpoints, the newest first; all of them, or a page."""
    query = select(Checkpoint).where(Checkpoint.round_id == round_id)
    query = query.order_by(Checkpoint.size.desc()).offset(offset)
    return list(session.scalars(query if limit is None else query.limit(limit)))


def count_entries(session: Session, round_id: str, *, kind: str | None = None) -> int:
    """Return how many entries a ledger has, or how many of one kind."""
    query = select(func.count()).where(_ENTRY.c.round_id == round_id)
    if kind is not None:
        query = query.where(_ENTRY.c.kind == kind)
    return session.scalar(query) or 0


def entries_of(
    session: Session, round_id: str, *, first: int = 0, size: int | None = None
) -> Iterator[tuple[int, str, bytes]]:
    """Yield index, body and stored leaf hash of the entries from ``first`` up to ``size``."""
    columns = select(_ENTRY.c.idx, _ENTRY.c.body, _ENTRY.c.leaf).where(
        _ENTRY.c.round_id == round_id
    )
    if size is not None:
        columns = columns.where(_ENTRY.c.idx < size)
    at = first
    while True:
        rows = session.execute(
            columns.where(_ENTRY.c.idx >= at).order_by(_ENTRY.c.idx).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield from ((row.idx, row.body, row.leaf) for row in rows)
        at = rows[-1].idx + 1


def leaves_of(session: Session, round_id: str, size: int) -> Iterator[bytes]:
    """Yield the stored leaf hashes of the first ``size`` entries, in their order."""
    mine = select(_ENTRY.c.leaf).where(_ENTRY.c.round_id == round_id, _ENTRY.c.idx < size)
    yield from session.scalars(mine.order_by(_ENTRY.c.idx))


def place_of_ballot(session: Session, round_id: str, slot: bytes) -> int | None:
    """Return the index of a ballot's entry, or None while no checkpoint covers it."""
    query = select(_ENTRY.c.idx).where(_ENTRY.c.round_id == round_id, _ENTRY.c.slot == slot)
    return session.scalar(query)


def due_rounds(session: Session) -> list[str]:
    """Return the frozen rounds for which something may wait to be appended; loaded ones are never due."""
    mine = UrnEntry.round_id == Round.id
    waiting_ballot = exists().where(mine, UrnEntry.batch_no.is_(None))
    noted = exists().where(
        LedgerNote.round_id == Round.id,
        ~exists().where(
            LedgerEntry.round_id == Round.id, LedgerEntry.source == "note:" + LedgerNote.id
        ),
    )
    stepped = exists().where(
        PhaseChange.round_id == Round.id,
        PhaseChange.at >= Round.frozen_at,
        PhaseChange.act.in_(ACTS),
        ~exists().where(
            LedgerEntry.round_id == Round.id, LedgerEntry.source == "step:" + PhaseChange.id
        ),
    )
    unmarked = exists().where(CardBatch.round_id == Round.id, CardBatch.ledger_idx.is_(None))
    printed = exists().where(PaperBatch.round_id == Round.id, PaperBatch.ledger_idx.is_(None))
    begun = exists().where(Ledger.round_id == Round.id)
    query = select(Round.id).where(
        Round.frozen_at.is_not(None),
        Round.kind != "loaded",
        or_(~begun, waiting_ballot, noted, stepped, unmarked, printed),
    )
    return list(session.scalars(query.order_by(Round.id)))
