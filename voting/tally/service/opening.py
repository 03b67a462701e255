"""Two officers open an urn: one asks, another confirms. The database knows no other way."""

from datetime import datetime
from typing import Any

from sqlalchemy import Update, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.accounts.service import get_officer
from voting.errors import CountedRefusal, NotAllowed, NotFound, Refusal
from voting.journal.service import record
from voting.paper.service.reconciling import require_reconciled
from voting.permissions import Permission
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import (
    get_round,
    hold_round,
    notice_silence,
    settle,
    undecided_minutes,
)
from voting.tally.models import UrnOpening


class VotingStillOn(Refusal):
    """The urn stays closed until voting has ended."""

    msgid = "投票还没有截止，不能开箱。截止以后再来。"


class NotCounting(Refusal):
    """The round is past its count, or never comes to one."""

    msgid = "这个轮次现在不在计票阶段，不能开箱。"


class OpensByItself(Refusal):
    """Data of other places has no officers."""

    msgid = "导入的数据不用两个人开箱，可以直接计票。"


class SameOfficer(Refusal):
    """The first officer cannot be the second."""

    msgid = "开箱要两个人。您已经同意过了，请另一位工作人员用自己的账号登录后确认。"


class AlreadyOpened(Refusal):
    """Two officers have opened it, perhaps a moment ago."""

    msgid = "已经有两位工作人员同意开箱，不用再确认。"


class OutageUndecided(CountedRefusal):
    """Time to vote was lost, and the street has not said what follows; that it was lost stays noted."""

    msgid = (
        "投票期间平台有 %(minutes)d 分钟打不开，还没有决定怎么办，不能开箱。"
        "请街道先在轮次页面选“补足中断的时间，恢复投票”，或“不补时间，按原时间截止”。"
    )


class RoundChanged(Refusal):
    """The frozen rules do not fit their own digest any more."""

    msgid = "本轮的规则和公告时封存的不一致，不能开箱。请保留现场，联系管理员。"


def require_counting(session: Session, *, now: datetime, round_id: str) -> Round:
    """Return a round whose urn may be opened.

    Raises NotFound, VotingStillOn, NotCounting or OutageUndecided.

    The phase the clock has brought is written down under a lock: a ballot that is being cast this moment
    is waited for, and any later one is refused.
    """
    settle(session, now=now, round_id=round_id)
    round = get_round(session, round_id)
    # Whoever waited for another's settling holds a copy from before it.
    session.refresh(round)
    if round.phase in {Phase.VOTE_ANNOUNCED, Phase.VOTING}:
        raise VotingStillOn
    if round.phase != Phase.COUNTING or round.frozen_at is None:
        raise NotCounting
    if round.kind != "loaded":
        notice_silence(session, now=now)
        if minutes := undecided_minutes(session, round_id):
            raise OutageUndecided(minutes=minutes)
    return round


def find_opening(session: Session, round_id: str) -> UrnOpening | None:
    """Return who has agreed to open an urn so far, or None."""
    return session.get(UrnOpening, round_id, populate_existing=True)


def approve_opening(
    session: Session, *, now: datetime, officer_id: str, round_id: str
) -> UrnOpening:
    """Note that an officer agrees to open an urn; the second one makes it open.

    Raises NotFound for a round of another area, NotAllowed, VotingStillOn, NotCounting, OpensByItself,
    SameOfficer or AlreadyOpened; PaperNotReconciled or MorePaperReturned where paper keeps the urn closed.
    """
    officer = get_officer(session, officer_id)
    round = get_round(session, round_id)
    if not round.area.lies_in(officer.area):
        raise NotFound
    if not officer.is_active or not officer.may(Permission.URN_OPEN):
        raise NotAllowed
    if round.kind == "loaded":
        raise OpensByItself
    # Asked before the phase: whoever comes second to the second should hear that all is well.
    opening = find_opening(session, round_id)
    if opening is not None and opening.second_officer is not None:
        raise AlreadyOpened
    require_counting(session, now=now, round_id=round_id)
    require_reconciled(session, round_id)
    # Whoever reveals test cards holds the round as well: a reveal is whole before the urn opens, or refused.
    hold_round(session, round_id)
    turn = "first" if _is_first(session, now, officer_id, round_id) else "second"
    if turn == "second":
        _confirm(session, now, officer_id, round_id)
    _note(session, now, officer, round, turn)
    opening = find_opening(session, round_id)
    assert opening is not None  # noqa: S101 -- one of the two steps above has written it
    return opening


def _is_first(session: Session, now: datetime, officer_id: str, round_id: str) -> bool:
    # The primary key decides which of two officers was first, not a look beforehand.
    try:
        with session.begin_nested():
            session.execute(
                insert(UrnOpening).values(round_id=round_id, first_officer=officer_id, first_at=now)
            )
    except IntegrityError:
        return False
    return True


def _confirm(session: Session, now: datetime, officer_id: str, round_id: str) -> None:
    confirmed = session.execute(
        confirmation(round_id, officer_id, now).returning(UrnOpening.round_id)
    ).one_or_none()
    if confirmed is not None:
        return
    opening = find_opening(session, round_id)
    if opening is not None and opening.second_officer is not None:
        raise AlreadyOpened
    raise SameOfficer


def confirmation(round_id: str, officer_id: str, now: datetime) -> Update:
    """Return the update that makes somebody the second officer: nobody stands there, and not the first."""
    return (
        update(UrnOpening)
        .where(
            UrnOpening.round_id == round_id,
            UrnOpening.second_officer.is_(None),
            UrnOpening.first_officer != officer_id,
        )
        .values(second_officer=officer_id, second_at=now)
        .execution_options(synchronize_session=False)
    )


def _note(session: Session, now: datetime, officer: Officer, round: Round, turn: str) -> None:
    place: dict[str, Any] = {"kind": "round", "id": round.id, "area_path": round.area.path}
    record(session, officer.actor, "tally.approve", now=now, turn=turn, **place)
