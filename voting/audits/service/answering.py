"""What the people drawn for a call-back said: noted by place, changed only from what one has seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from voting.audits.models import CallBack
from voting.audits.rules import Answers
from voting.audits.service.calling import get_calls
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.changing import changes_one
from voting.roll.models import Elector
from voting.rounds.service import get_round

PER_PAGE = 20
_CALL = cast("Table", CallBack.__table__)


class Answer(StrEnum):
    """What a person drawn has said."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNREACHED = "unreached"


class NotedMeanwhile(Refusal):
    """Somebody else has noted another answer since the page was opened."""

    msgid = "第 %(place)d 位的回答刚刚被别人改过，这一页没有保存。请看下面现在的回答，再改一次。"


@dataclass(frozen=True)
class CallLine:
    """One person in the list of answers: enough to tell whom the paper means, no room, no number."""

    id: str
    place: int
    name: str
    building: str
    answer: Answer | None


@dataclass(frozen=True)
class Noted:
    """An answer as the page showed it and as the officer wants it; None is none."""

    before: Answer | None
    after: Answer | None


def answers_of(session: Session, round_id: str) -> Answers:
    """Return what has been said so far; nothing where nobody was drawn."""
    rows = session.execute(
        select(CallBack.answer, func.count())
        .where(CallBack.round_id == round_id)
        .group_by(CallBack.answer)
    )
    counts = {answer: int(number) for answer, number in rows}
    return Answers(
        drawn=sum(counts.values()),
        confirmed=counts.get(Answer.CONFIRMED, 0),
        denied=counts.get(Answer.DENIED, 0),
        unreached=counts.get(Answer.UNREACHED, 0),
    )


def calls_of(session: Session, round_id: str, *, page: int = 1) -> tuple[list[CallLine], int]:
    """Return one page of the people drawn, in the order of the draw, and the number of pages."""
    pages = max(-(-get_calls(session, round_id).drawn // PER_PAGE), 1)
    first = (min(max(page, 1), pages) - 1) * PER_PAGE
    rows = session.execute(
        select(CallBack, Elector.name_masked, Elector.building)
        .outerjoin(
            Elector,
            (Elector.round_id == CallBack.round_id) & (Elector.elector_id == CallBack.elector_id),
        )
        .where(CallBack.round_id == round_id, CallBack.place > first)
        .order_by(CallBack.place)
        .limit(PER_PAGE)
    )
    lines = [
        CallLine(
            id=row.CallBack.id, place=row.CallBack.place, name=row.name_masked or "—",
            building=row.building or "—",
            answer=Answer(row.CallBack.answer) if row.CallBack.answer else None,
        )
        for row in rows
    ]  # fmt: skip
    return lines, pages


def note_answers(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    noted: Mapping[str, Noted],
) -> int:
    """Note answers by the id of a call and return how many changed; raise NotFound or NotedMeanwhile.

    The journal keeps counts alone.
    """
    get_calls(session, round_id)
    round = get_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    changes = {id: one for id, one in noted.items() if one.before is not one.after}
    if not changes:
        return 0
    for id, one in sorted(changes.items()):
        _change(session, round_id, id, one)
    now_said = answers_of(session, round_id)
    record(
        session, actor, "audits.note_answers", now=now, kind="round", id=round_id,
        area_path=round.area.path, count=len(changes), confirmed=now_said.confirmed,
        denied=now_said.denied, unreached=now_said.unreached,
    )  # fmt: skip
    return len(changes)


def _change(session: Session, round_id: str, id: str, noted: Noted) -> None:
    mine = (_CALL.c.round_id == round_id) & (_CALL.c.id == id)
    seen = (
        _CALL.c.answer.is_(None) if noted.before is None else _CALL.c.answer == noted.before.value
    )
    value = None if noted.after is None else noted.after.value
    if changes_one(session, update(_CALL).where(mine, seen).values(answer=value)):
        return
    place = session.scalar(select(_CALL.c.place).where(mine))
    if place is None:
        raise NotFound
    raise NotedMeanwhile(place=place)
