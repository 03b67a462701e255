"""Where a ballot stands in the ledger, and the checkpoint that a printed head belongs to."""

from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.ballots.rules import slot_range
from voting.ledger.models import Checkpoint, LedgerEntry

_ENTRY = cast("Table", LedgerEntry.__table__)
_URN = cast("Table", UrnEntry.__table__)
_ROOT = 32


def slot_of_receipt(session: Session, round_id: str, code: str) -> bytes | None:
    """Return the slot in a round's urn that a receipt code stands for, or None."""
    first, last = slot_range(code)
    mine = select(_URN.c.slot).where(
        _URN.c.round_id == round_id, _URN.c.slot >= first, _URN.c.slot <= last
    )
    return session.scalar(mine.limit(1))


def get_body(session: Session, round_id: str, index: int) -> str:
    """Return the body of an entry, which must exist."""
    query = select(_ENTRY.c.body).where(_ENTRY.c.round_id == round_id, _ENTRY.c.idx == index)
    body: str = session.scalars(query).one()
    return body


def find_checkpoint_by_head(session: Session, round_id: str, head: bytes) -> Checkpoint | None:
    """Return the newest checkpoint whose root begins with these bytes, or None."""
    first, last = head.ljust(_ROOT, b"\x00"), head.ljust(_ROOT, b"\xff")
    query = select(Checkpoint).where(
        Checkpoint.round_id == round_id, Checkpoint.root >= first, Checkpoint.root <= last
    )
    return session.scalars(query.order_by(Checkpoint.size.desc()).limit(1)).one_or_none()


def count_checkpoints(session: Session, round_id: str) -> int:
    """Return how many checkpoints a round has."""
    query = select(func.count()).select_from(Checkpoint).where(Checkpoint.round_id == round_id)
    return session.scalar(query) or 0


def checkpoints_after(
    session: Session, round_id: str, *, size: int, limit: int
) -> list[Checkpoint]:
    """Return the checkpoints larger than ``size``, the oldest first, at most ``limit``."""
    query = select(Checkpoint).where(Checkpoint.round_id == round_id, Checkpoint.size > size)
    return list(session.scalars(query.order_by(Checkpoint.size).limit(limit)))
