"""Papers in a box that are none of the round: put aside by one, looked at by another, and only counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperForeign
from voting.paper.service.admitting import admit
from voting.paper.service.noting import note_round
from voting.persistence.base import new_id
from voting.persistence.changing import changes_one
from voting.persistence.paging import one_page

_FOREIGN = cast("Table", PaperForeign.__table__)


class SameWitness(Refusal):
    """Whoever put it aside cannot be the one who looks at it."""

    msgid = "这张外来票是您登记的，请另一位工作人员看过实物以后确认。"


class ForeignSettled(Refusal):
    """Somebody has confirmed or withdrawn it meanwhile."""

    msgid = "这张外来票刚刚已经确认或者撤回了。请刷新这一页。"


def register_foreign(
    session: Session, *, now: datetime, actor: Actor, round_id: str, sign: str
) -> PaperForeign:
    """Put a paper aside; ``sign`` says how it is told from others. Raises what ``admit`` raises."""
    round = admit(session, now=now, actor=actor, round_id=round_id)
    paper = PaperForeign(id=new_id(), round_id=round_id, sign=sign, first_by=actor.id, first_at=now)
    session.add(paper)
    session.flush()
    note_round(session, actor, "paper.register_foreign", now=now, round=round)
    return paper


def confirm_foreign(
    session: Session, *, now: datetime, actor: Actor, round_id: str, foreign_id: str
) -> None:
    """Say that one has looked at it as well; raise NotFound, SameWitness, ForeignSettled or ``admit``'s."""
    round = admit(session, now=now, actor=actor, round_id=round_id)
    seen = (
        update(_FOREIGN)
        .where(*_waiting(round_id, foreign_id), _FOREIGN.c.first_by != actor.id)
        .values(second_by=actor.id, second_at=now)
    )
    if not changes_one(session, seen):
        raise _why(session, actor, round_id, foreign_id)
    note_round(session, actor, "paper.confirm_foreign", now=now, round=round)


def drop_foreign(
    session: Session, *, now: datetime, actor: Actor, round_id: str, foreign_id: str
) -> None:
    """Take back what nobody has confirmed; raise NotFound, ForeignSettled or ``admit``'s."""
    round = admit(session, now=now, actor=actor, round_id=round_id)
    gone = delete(_FOREIGN).where(*_waiting(round_id, foreign_id))
    if not changes_one(session, gone):
        raise ForeignSettled
    note_round(session, actor, "paper.drop_foreign", now=now, round=round)


def foreign_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[PaperForeign], int]:
    """Return one page of the papers put aside, those that wait first, and the number of pages."""
    mine = PaperForeign.round_id == round_id
    ordered = (
        select(PaperForeign)
        .where(mine)
        .order_by(PaperForeign.second_at.is_not(None), PaperForeign.first_at, PaperForeign.id)
    )
    rows, pages, *_ = one_page(session, ordered, page)
    return [row.PaperForeign for row in rows], pages


def _waiting(round_id: str, foreign_id: str) -> tuple[Any, ...]:
    return (
        _FOREIGN.c.round_id == round_id,
        _FOREIGN.c.id == foreign_id,
        _FOREIGN.c.second_by.is_(None),
    )


def _why(session: Session, actor: Actor, round_id: str, foreign_id: str) -> Refusal:
    found = session.get(PaperForeign, foreign_id, populate_existing=True)
    if found is None or found.round_id != round_id:
        return NotFound()
    if found.second_by is None and found.first_by == actor.id:
        return SameWitness()
    return ForeignSettled()
