"""The lot of a round that was drawn in public, as it is stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.tally.models import TieDraw


@dataclass(frozen=True)
class Drawn:
    """A lot that two officers have drawn: what it follows from, and what came of it."""

    at: datetime
    public_number: str
    issue: str
    came_at: datetime
    present: str
    size: int
    root: bytes
    seed: bytes
    outcome: str


def find_typed(session: Session, round_id: str) -> TieDraw | None:
    """Return what was typed of a draw, by one officer or by two, or None."""
    return session.get(TieDraw, round_id, populate_existing=True)


def find_drawn(session: Session, round_id: str) -> Drawn | None:
    """Return the draw of a round, or None before two officers have typed the same number."""
    row = find_typed(session, round_id)
    if (
        row is None
        or row.second_at is None
        or row.size is None
        or row.root is None
        or row.seed is None
        or row.outcome is None
    ):
        return None
    return Drawn(
        at=row.second_at,
        public_number=row.public_number,
        issue=row.issue,
        came_at=row.came_at,
        present=row.present,
        size=row.size,
        root=row.root,
        seed=row.seed,
        outcome=row.outcome,
    )


def drawn_seed(session: Session, round_id: str) -> bytes | None:
    """Return the seed (32 bytes) of the lot that was drawn in public, or None."""
    drawn = find_drawn(session, round_id)
    return drawn.seed if drawn else None
