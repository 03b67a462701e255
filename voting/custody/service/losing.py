"""A sheet is lost, or found again: who said so, and when."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.custody.models import HeldSheet
from voting.custody.service.finding import find_key, held_round, note
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.rounds.models import Round


class NoSuchSheet(Refusal):
    """No sheet of the set in use has this number, or it stands there already as it was said."""

    msgid = "没有这张钥匙纸，或者它的情况刚刚改过。请刷新再看。"


class LostInFuture(Refusal):
    """Nobody knows today that a sheet will be lost."""

    msgid = "丢失日期不能晚于今天。"
    status = 422
    field = "day"


def record_loss(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    number: int,
    day: date,
    reason: str,
) -> Round:
    """Note that a sheet of the set in use is lost; raise NotFound, NoSuchSheet or LostInFuture."""
    if day > local_day(now):
        raise LostInFuture
    lost: dict[str, object] = {
        "lost_on": day,
        "lost_at": now,
        "lost_by": actor.id,
        "lost_note": reason,
    }
    return _change(session, now, actor, round_id, number, lost, "custody.lose")


def record_found(
    session: Session, *, now: datetime, actor: Actor, round_id: str, number: int
) -> Round:
    """Note that a sheet was found again; raise NotFound or NoSuchSheet."""
    found: dict[str, object] = {"lost_on": None, "lost_at": None, "lost_by": "", "lost_note": ""}
    return _change(session, now, actor, round_id, number, found, "custody.find")


def _change(
    session: Session,
    now: datetime,
    actor: Actor,
    round_id: str,
    number: int,
    values: dict[str, object],
    act: str,
) -> Round:
    round = held_round(session, actor, round_id)
    key = find_key(session, round.id)
    is_lost = HeldSheet.lost_on.is_not(None)
    changed = session.execute(
        update(HeldSheet)
        .where(
            HeldSheet.round_id == round.id,
            HeldSheet.set_no == (key.set_no if key else 0),
            HeldSheet.number == number,
            is_lost if values["lost_on"] is None else ~is_lost,
        )
        .values(**values)
        .returning(HeldSheet.number)
    ).one_or_none()
    if changed is None:
        raise NoSuchSheet
    note(session, actor, act, now, round, set=key.set_no if key else 0, sheet=number)
    return round
