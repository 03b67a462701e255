"""What is written anew with the ballots of a checkpoint, so that no row keeps the number of their casts."""

from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from voting.paper.models import AssistedBallot

_ASSISTED = cast("Table", AssistedBallot.__table__)


def rewrite_assisted(session: Session, round_id: str, covered: set[bytes]) -> None:
    """Write anew who was present at these ballots, in the order of slots; the rows say what they said.

    On PostgreSQL they would otherwise carry the same number as the mark of the person (integrity.md §0.3).
    """
    mine = select(_ASSISTED.c.slot).where(_ASSISTED.c.round_id == round_id)
    slots = [one for one in session.scalars(mine.order_by(_ASSISTED.c.slot)) if one in covered]
    anew = update(_ASSISTED).where(
        _ASSISTED.c.round_id == round_id, _ASSISTED.c.slot == bindparam("at")
    )
    if slots:
        same = anew.values(first_by=_ASSISTED.c.first_by)
        session.execute(same, [{"at": slot} for slot in slots])
