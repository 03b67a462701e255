"""Assisted voting: an officer begins to help somebody, another confirms to be present."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from voting.ballots.rules import refusal_of_phase
from voting.clock import local_day
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import AssistedSession
from voting.paper.service.noting import note_round
from voting.persistence.changing import changes_one
from voting.roll.models import CHANNEL_NAMES, Channel, Participation
from voting.roll.service import RightAlreadyUsed, get_elector
from voting.roll.service.inserting import insert_new
from voting.rounds.models import Round
from voting.rounds.service import get_round

ASSISTED = "assisted"
PLACES: Mapping[str, str] = {"desk": "投票点", "home": "上门"}
SESSION = cast("Table", AssistedSession.__table__)
_UNUSED = frozenset({Channel.CARD_HANDED, Channel.PAPER_HANDED})


class AssistOff(Refusal):
    """The round does not have this channel."""

    msgid = "本轮没有开通协助投票。请居民用投票卡或纸质票。"


class AssistedStruck(Refusal):
    """The person was struck from the roll."""

    msgid = "这位居民已从名册中除名，不能投票。有疑问请报社区负责人。"


class HoldsUnused(Refusal):
    """The person was handed a card or a paper; unused, it can be exchanged."""

    msgid = "名册上记着这位居民%(how)s。还没有用的，请到“换票”交回作废，再协助投票；已经用了的，不能再投。"


class HelpedByOther(Refusal):
    """Somebody else has begun to help this person today."""

    msgid = "已经有工作人员在协助这位居民。请看下面“正在协助”；要换人，请先取消那一次。"


class AssistGone(Refusal):
    """The session was used, cancelled, or is of another day."""

    msgid = "这次协助已经用过、取消或者过期。请回到“协助投票”，看看这位居民是不是已经投好。"


class SecondMustBeOther(Refusal):
    """Whoever began cannot confirm their own presence."""

    msgid = "陪同的要是另一位工作人员。请另一位用自己的手机登录，打开这一页确认。"


def start_assisting(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str, place: str
) -> None:
    """Begin to help a person who is present; another officer confirms it.

    Raises NotFound, AssistOff, VotingNotOpen, AssistedStruck, HoldsUnused, RightAlreadyUsed or HelpedByOther.
    Nothing is spent: casting decides whether the right is still there.
    """
    round = require_assisting(session, now=now, round_id=round_id)
    if get_elector(session, round.id, elector_id).struck_at is not None:
        raise AssistedStruck
    today = local_day(now)
    begun = {"first_by": actor.id, "second_by": None, "place": place, "day": today}
    if _take_over(session, round_id, elector_id, begun):
        return
    _require_unused(session, round_id, elector_id)
    mine = of_person(round_id, elector_id)
    session.execute(delete(SESSION).where(*mine, SESSION.c.day < today))
    row = {"round_id": round_id, "elector_id": elector_id, "marked": False, **begun}
    new = session.scalars(insert_new(session, SESSION.c.elector_id), [row]).one_or_none()
    if new is None and _begun_by(session, round_id, elector_id) != actor.id:
        raise HelpedByOther


def start_at_desk(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    elector_id: str,
    is_marked: bool,
) -> None:
    """Begin to help somebody who has just given a card or paper back; raise what the two others raise.

    Where an exchange has moved a mark here the session is the right; without a mark the ballot will make one.
    """
    if is_marked:
        start_exchanged(session, now=now, actor=actor, round_id=round_id, elector_id=elector_id)
    else:
        start_assisting(
            session, now=now, actor=actor, round_id=round_id, elector_id=elector_id, place="desk"
        )


def start_exchanged(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str
) -> None:
    """Begin to help a person whose mark an exchange has just moved to ``assisted``, in its transaction.

    The session is the right from now on. Raises AssistOff, VotingNotOpen or HelpedByOther.
    """
    require_assisting(session, now=now, round_id=round_id)
    mine = of_person(round_id, elector_id)
    # What was begun without a mark can give no ballot any more.
    session.execute(delete(SESSION).where(*mine, SESSION.c.marked.is_(False)))
    row = {
        "round_id": round_id, "elector_id": elector_id, "first_by": actor.id, "second_by": None,
        "place": "desk", "day": local_day(now), "marked": True,
    }  # fmt: skip
    if session.scalars(insert_new(session, SESSION.c.elector_id), [row]).one_or_none() is None:
        raise HelpedByOther


def confirm_presence(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str
) -> None:
    """Note that an officer, not the one who began, is present: one update of a session without a second.

    Raises AssistOff, VotingNotOpen, SecondMustBeOther or AssistGone.
    """
    require_assisting(session, now=now, round_id=round_id)
    waiting = (
        *of_person(round_id, elector_id), SESSION.c.day == local_day(now), SESSION.c.second_by.is_(None),
    )  # fmt: skip
    if changes_one(
        session,
        update(SESSION).where(*waiting, SESSION.c.first_by != actor.id).values(second_by=actor.id),
    ):
        return
    if session.execute(select(SESSION.c.day).where(*waiting)).one_or_none() is not None:
        raise SecondMustBeOther
    raise AssistGone


def cancel_assisting(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str
) -> None:
    """End a session without a ballot; one that an exchange has led to waits for other officers.

    Raises NotFound or AssistGone.
    """
    round = get_round(session, round_id)
    mine = (*of_person(round_id, elector_id), SESSION.c.day == local_day(now))
    gone = changes_one(session, delete(SESSION).where(*mine, SESSION.c.marked.is_(False)))
    freed = gone or changes_one(
        session, update(SESSION).where(*mine, SESSION.c.marked).values(second_by=None)
    )
    if not freed:
        raise AssistGone
    note_round(session, actor, "paper.cancel_assisting", now=now, round=round)


def require_assisting(session: Session, *, now: datetime, round_id: str) -> Round:
    """Return a round that takes assisted ballots now; raise NotFound, AssistOff or VotingNotOpen."""
    round = get_round(session, round_id)
    if not round.offers(ASSISTED):
        raise AssistOff
    not_open = refusal_of_phase(round.phase_at(now))
    if not_open:
        raise not_open
    return round


def _take_over(
    session: Session, round_id: str, elector_id: str, begun: Mapping[str, object]
) -> bool:
    """Go on with a session that an exchange led to and at which nobody is any more."""
    today, officer = begun["day"], begun["first_by"]
    free = (SESSION.c.day < today) | (SESSION.c.first_by == officer) | SESSION.c.second_by.is_(None)
    left = update(SESSION).where(*of_person(round_id, elector_id), SESSION.c.marked, free)
    return changes_one(session, left.values(begun))


def _begun_by(session: Session, round_id: str, elector_id: str) -> str | None:
    mine = select(SESSION.c.first_by).where(*of_person(round_id, elector_id))
    return session.scalars(mine).one_or_none()


def _require_unused(session: Session, round_id: str, elector_id: str) -> None:
    used = channel_of(session, round_id, elector_id)
    if used in _UNUSED:
        raise HoldsUnused(how=CHANNEL_NAMES[Channel(used)])
    if used is not None:
        raise RightAlreadyUsed


def channel_of(session: Session, round_id: str, elector_id: str) -> str | None:
    """Return by which channel a person's right was used, or None."""
    return session.scalars(
        select(Participation.channel).where(
            Participation.round_id == round_id, Participation.elector_id == elector_id
        )
    ).one_or_none()


def of_person(round_id: str, elector_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that name a person's session."""
    return (SESSION.c.round_id == round_id, SESSION.c.elector_id == elector_id)
