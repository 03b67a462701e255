"""Two officers let a key be destroyed: one says who was present, another confirms."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Update, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.custody.models import KeyDestruction
from voting.custody.rules import DESTROYABLE
from voting.custody.service.finding import held_round, note
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.rounds.models import Round
from voting.rounds.rules import Phase


class NotConfirmedYet(Refusal):
    """Somebody may still ask for a recount."""

    msgid = "结果确认以后才能销毁钥匙：公示期没有满、异议没有办完以前，还可能要重新计票。"


class AlreadyDestroyed(Refusal):
    """It is done."""

    msgid = "本轮的钥匙已经销毁。"


class SameDestroyer(Refusal):
    """The first officer cannot be the second."""

    msgid = "销毁钥匙要两个人。您已经登记过了，请另一位工作人员用自己的账号登录后确认。"


class AgreedByOther(Refusal):
    """Another officer has written down who was present; now it is confirmed or left."""

    msgid = "另一位工作人员已经登记了销毁的情况。请刷新这一页，核对以后确认。"


class DestroyedInFuture(Refusal):
    """What has not happened is not recorded."""

    msgid = "销毁日期不能晚于今天。"
    status = 422
    field = "day"


@dataclass(frozen=True)
class Witnessed:
    """When it was done and before whom; a file may show it."""

    day: date
    present: str
    file_digest: str | None = None
    file_name: str = ""


def find_destruction(session: Session, round_id: str) -> KeyDestruction | None:
    """Return who has let a key be destroyed so far, or None."""
    return session.get(KeyDestruction, round_id, populate_existing=True)


def is_destroyed(session: Session, round_id: str) -> bool:
    """Tell whether a round's key was destroyed."""
    found = find_destruction(session, round_id)
    return found is not None and found.second_officer is not None


def unfinished_destructions(session: Session) -> list[str]:
    """Return the rounds whose key was destroyed: their files must be gone as well."""
    done = select(KeyDestruction.round_id).where(KeyDestruction.second_officer.is_not(None))
    return list(session.scalars(done))


def agree_to_destroy(
    session: Session, *, now: datetime, actor: Actor, round_id: str, witnessed: Witnessed
) -> KeyDestruction:
    """Note what a first officer says; the primary key decides who is first.

    Until somebody confirms it, the first officer may put it right. Raises NotFound, NotConfirmedYet,
    AlreadyDestroyed, AgreedByOther or DestroyedInFuture.
    """
    round = _destroyable(session, actor, round_id)
    if witnessed.day > local_day(now):
        raise DestroyedInFuture
    said = {
        "day": witnessed.day, "present": witnessed.present, "file_digest": witnessed.file_digest,
        "file_name": witnessed.file_name, "first_at": now,
    }  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(
                insert(KeyDestruction).values(
                    round_id=round.id, way=round.seal_way, first_officer=actor.id, **said
                )
            )
    except IntegrityError as taken:
        if not _corrected(session, actor, round.id, said):
            raise AgreedByOther from taken
    note(session, actor, "custody.destroy", now, round, turn="first")
    found = find_destruction(session, round.id)
    assert found is not None  # noqa: S101 -- written above
    return found


def confirm_destruction(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    """Let the second officer confirm: from here on the key counts as destroyed.

    Raises NotFound, NotConfirmedYet, AlreadyDestroyed or SameDestroyer. The caller empties the urn and, once
    this is stored, deletes the files.
    """
    round = _destroyable(session, actor, round_id)
    changed = session.execute(
        confirmation(round.id, actor.id, now).returning(KeyDestruction.round_id)
    ).one_or_none()
    if changed is None:
        if is_destroyed(session, round.id):
            raise AlreadyDestroyed
        raise SameDestroyer
    note(session, actor, "custody.destroy", now, round, turn="second", way=round.seal_way)
    return round


def confirmation(round_id: str, officer_id: str, now: datetime) -> Update:
    """Return the update that makes somebody the second officer: nobody stands there, and not the first."""
    return (
        update(KeyDestruction)
        .where(
            KeyDestruction.round_id == round_id,
            KeyDestruction.second_officer.is_(None),
            KeyDestruction.first_officer != officer_id,
        )
        .values(second_officer=officer_id, second_at=now)
        .execution_options(synchronize_session=False)
    )


def _corrected(session: Session, actor: Actor, round_id: str, said: dict[str, object]) -> bool:
    changed = session.execute(
        update(KeyDestruction)
        .where(
            KeyDestruction.round_id == round_id,
            KeyDestruction.second_officer.is_(None),
            KeyDestruction.first_officer == actor.id,
        )
        .values(**said)
        .returning(KeyDestruction.round_id)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None


def _destroyable(session: Session, actor: Actor, round_id: str) -> Round:
    round = held_round(session, actor, round_id)
    if is_destroyed(session, round.id):
        raise AlreadyDestroyed
    if Phase(round.phase) not in DESTROYABLE or round.frozen_at is None:
        raise NotConfirmedYet
    return round
