"""Settling a bundle: one counts what was not used, somebody else receives it and counts the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, select, update
from sqlalchemy.orm import Session, aliased

from voting.accounts.models import Officer
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBatch, PaperBundle
from voting.paper.service.admitting import PaperReconciled, is_reconciled
from voting.paper.service.noting import note_round
from voting.persistence.changing import changes_one
from voting.persistence.paging import one_page
from voting.rounds.models import Round
from voting.rounds.service import steady_round

_BUNDLE = cast("Table", PaperBundle.__table__)


class MoreThanHeld(Refusal):
    """No bundle can have more papers left than it had."""

    msgid = "这一本一共 %(count)d 张，剩下的不能比它多。请再数一遍。"
    status = 422
    field = "unused"


class ReceiverMustBeOther(Refusal):
    """Whoever counted cannot receive."""

    msgid = "接收的要是另一位工作人员。请另一位用自己的账号登录，再数一遍。"


class CountsDiffer(Refusal):
    """The two did not count the same; nothing is noted."""

    msgid = "您数的和交票人数的不一样。请两个人一起再数一遍：票多票少，交票人可以重新点数。"
    status = 422
    field = "unused"


class BundleSettled(Refusal):
    """The bundle has been received, or is not counted."""

    msgid = "这一本刚刚有人点过或者收过。请刷新这一页再看。"


@dataclass(frozen=True)
class BundleState:
    """A bundle with who has it and how far its settling is: ``open`` · ``counted`` · ``settled``."""

    batch_id: str
    batch: int
    number: int
    count: int
    holder: str
    counted_by: str | None
    counter: str
    receiver: str
    unused: int | None
    stage: str


def count_bundle(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round: Round,
    batch_id: str,
    number: int,
    unused: int,
) -> None:
    """Note how many papers of a bundle are left; nothing of it is handed out any more.

    May be said anew until it is received. Raises NotFound, PaperReconciled, MoreThanHeld or BundleSettled.
    """
    bundle = get_bundle(session, round, batch_id, number)
    _require_open(session, round)
    if not 0 <= unused <= bundle.count:
        raise MoreThanHeld(count=bundle.count)
    left = update(_BUNDLE).where(*_of(batch_id, number), _BUNDLE.c.received_by.is_(None))
    if not changes_one(session, left.values(unused=unused, counted_by=actor.id)):
        raise BundleSettled
    _note(session, now, actor, round, "paper.count_bundle", bundle)


def receive_bundle(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round: Round,
    batch_id: str,
    number: int,
    unused: int,
) -> None:
    """Receive a counted bundle: somebody else, who has counted the same number.

    Raises NotFound, PaperReconciled, ReceiverMustBeOther, CountsDiffer or BundleSettled.
    """
    bundle = get_bundle(session, round, batch_id, number)
    _require_open(session, round)
    waiting = update(_BUNDLE).where(
        *_of(batch_id, number), _BUNDLE.c.received_by.is_(None), _BUNDLE.c.counted_by != actor.id,
        _BUNDLE.c.unused == unused,
    )  # fmt: skip
    if not changes_one(session, waiting.values(received_by=actor.id, settled_at=now)):
        raise _why_not(bundle, actor)
    _note(session, now, actor, round, "paper.receive_bundle", bundle)


def recount_bundle(
    session: Session, *, now: datetime, actor: Actor, round: Round, batch_id: str, number: int
) -> None:
    """Open a counted or received bundle again, until the sheet is signed.

    Raises NotFound, PaperReconciled or BundleSettled.
    """
    bundle = get_bundle(session, round, batch_id, number)
    _require_open(session, round)
    counted = update(_BUNDLE).where(*_of(batch_id, number), _BUNDLE.c.unused.is_not(None))
    anew = counted.values(unused=None, counted_by=None, received_by=None, settled_at=None)
    if not changes_one(session, anew):
        raise BundleSettled
    _note(session, now, actor, round, "paper.recount_bundle", bundle)


def bundles_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[BundleState], int]:
    """Return one page of the bundles of a round that are not void, and the number of pages."""
    rows, pages, *_ = one_page(session, _query(round_id), page)
    return [_state(*row) for row in rows], pages


def find_bundle(session: Session, round: Round, batch_id: str, number: int) -> BundleState:
    """Return one bundle of a round as its page shows it; raise NotFound."""
    mine = _query(round.id).where(PaperBundle.batch_id == batch_id, PaperBundle.number == number)
    row = session.execute(mine).one_or_none()
    if row is None:
        raise NotFound
    return _state(*row)


def get_bundle(session: Session, round: Round, batch_id: str, number: int) -> PaperBundle:
    """Return a bundle of a round; raise NotFound for another round's as for none."""
    batch = session.get(PaperBatch, batch_id)
    bundle = session.get(PaperBundle, (batch_id, number), populate_existing=True)
    if batch is None or bundle is None or batch.round_id != round.id or batch.state == "void":
        raise NotFound
    return bundle


_HOLDER, _COUNTER, _RECEIVER = aliased(Officer), aliased(Officer), aliased(Officer)


def _query(round_id: str) -> Select[PaperBundle, int, str, str, str]:
    return (
        select(PaperBundle, PaperBatch.number, _HOLDER.name, _COUNTER.name, _RECEIVER.name)
        .join(PaperBatch, PaperBatch.id == PaperBundle.batch_id)
        .outerjoin(_HOLDER, _HOLDER.id == PaperBundle.holder_id)
        .outerjoin(_COUNTER, _COUNTER.id == PaperBundle.counted_by)
        .outerjoin(_RECEIVER, _RECEIVER.id == PaperBundle.received_by)
        .where(PaperBatch.round_id == round_id, PaperBatch.state != "void")
        .order_by(PaperBatch.number, PaperBundle.number)
    )


def _state(
    bundle: PaperBundle, batch: int, holder: str | None, counter: str | None, receiver: str | None
) -> BundleState:
    stage = "settled" if bundle.received_by else "counted" if bundle.counted_by else "open"
    return BundleState(
        batch_id=bundle.batch_id,
        batch=batch,
        number=bundle.number,
        count=bundle.count,
        holder=holder or "",
        counted_by=bundle.counted_by,
        counter=counter or "",
        receiver=receiver or "",
        unused=bundle.unused,
        stage=stage,
    )


def _require_open(session: Session, round: Round) -> None:
    # Whoever signs the sheet holds the round, and so waits for this act or is waited for.
    steady_round(session, round.id)
    if is_reconciled(session, round.id):
        raise PaperReconciled


def _why_not(bundle: PaperBundle, actor: Actor) -> Refusal:
    if bundle.received_by is not None or bundle.counted_by is None:
        return BundleSettled()
    return ReceiverMustBeOther() if bundle.counted_by == actor.id else CountsDiffer()


def _of(batch_id: str, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (_BUNDLE.c.batch_id == batch_id, _BUNDLE.c.number == number)


def _note(
    session: Session, now: datetime, actor: Actor, round: Round, act: str, bundle: PaperBundle
) -> None:
    note_round(session, actor, act, now=now, round=round, bundle=bundle.number)
