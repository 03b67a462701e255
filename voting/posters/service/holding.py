"""A claim as its browser finds it again, until it is cast or has expired."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from voting.posters.models import PosterClaim
from voting.roll.models import Elector
from voting.rounds.rules import SecondFactor

_CLAIM = cast("Table", PosterClaim.__table__)
_ELECTOR = cast("Table", Elector.__table__)


def find_waiting(
    session: Session, round_id: str, claim_hash: bytes, way: SecondFactor, now: datetime
) -> PosterClaim | None:
    """Return the claim of a browser that still waits for its second factor, or None."""
    claim = session.get(PosterClaim, (round_id, claim_hash))
    if claim is None or claim.state != "waiting" or claim.way != way or claim.expires_at <= now:
        return None
    return claim


def is_proven(session: Session, round_id: str, claim_hash: bytes, now: datetime) -> bool:
    """Tell whether a claim is good for a ballot."""
    mine = {"of_round": round_id, "hash": claim_hash, "at": now}
    return session.execute(_FIND, mine).one_or_none() is not None


def use_claim(session: Session, round_id: str, claim_hash: bytes, now: datetime) -> str | None:
    """Delete a proven claim and return its person, or None where there is none: one statement decides."""
    mine = {"of_round": round_id, "hash": claim_hash, "at": now}
    found: str | None = session.execute(_USE, mine).scalar_one_or_none()
    return found


# Statements of a voter's path are built once: building one costs more than running it.
_MINE = (
    (_CLAIM.c.round_id == bindparam("of_round"))
    & (_CLAIM.c.claim_hash == bindparam("hash"))
    & (_CLAIM.c.state == "proven")
    & (_CLAIM.c.expires_at > bindparam("at"))
    # Who was struck meanwhile has no right any more.
    & _CLAIM.c.elector_id.in_(
        select(_ELECTOR.c.elector_id).where(
            _ELECTOR.c.round_id == bindparam("of_round"), _ELECTOR.c.struck_at.is_(None)
        )
    )
)
_FIND = select(_CLAIM.c.state).where(_MINE)
_USE = delete(_CLAIM).where(_MINE).returning(_CLAIM.c.elector_id)
