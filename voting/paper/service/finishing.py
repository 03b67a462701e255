"""The ends of printing: it went well, the printer failed after some bundle, or the whole batch goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

from voting.config import Config
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle, PaperState
from voting.paper.service.admitting import PaperReconciled, is_reconciled
from voting.paper.service.noting import note
from voting.paper.service.printing import make_batch, require_printing
from voting.paper.service.reading import get_batch
from voting.persistence.changing import rows_changed
from voting.rounds.service import steady_round

MISPRINT = "misprint"
_PAPER = cast("Table", PaperBallot.__table__)
_BUNDLE = cast("Table", PaperBundle.__table__)


class PapersCameBack(Refusal):
    """Papers of the batch came out of a box."""

    msgid = "这一批里有 %(number)d 张已经从票箱里出来，不能作废。请照常清票，在清票记录里写明。"


class PaperBatchSettled(Refusal):
    """Somebody has confirmed, reprinted or voided this batch before."""

    msgid = "这一批已经办过了（确认印好、重印或作废）。请回到批次页看现在的状态。"


class PaperNotLaidOut(Refusal):
    """Nobody can have printed a file that was never made."""

    msgid = "还没有生成打印文件，不能确认已经印好。"


class PaperNotInLedger(Refusal):
    """Nobody could tell later which papers there were."""

    msgid = "这一批还没有记入公开账本，不能发。最多等几分钟再办；也可以在这一批的页面上点“现在记入公开账本”。"


class BundleOutOfRange(Refusal):
    """The batch has no such bundle, or nothing follows it."""

    msgid = "这一批共 %(bundles)d 本，请填 0 到 %(last)d：最后一本印得完好的是第几本。"
    status = 422
    field = "last_good"


class PapersHandedOut(Refusal):
    """Residents hold papers of this batch."""

    msgid = "这一批已经发出 %(handed)d 张，不能整批作废：居民手里的票有效。没发的请清点、交回，登记作废。"
    status = 422
    field = "reason"


@dataclass(frozen=True)
class Spoiled:
    """How many papers an act took out of use."""

    count: int


def confirm_printed(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, laid_out: bool
) -> PaperBatch:
    """Note that a batch was printed well; the caller then forgets its file.

    It may be handed out from now on, so it must stand in the public ledger. Raises PaperNotLaidOut,
    PaperNotInLedger or PaperBatchSettled.
    """
    if not laid_out:
        raise PaperNotLaidOut
    batch = get_batch(session, batch_id)
    if batch.state == "ready" and batch.ledger_idx is None:
        raise PaperNotInLedger
    batch = _settle(session, batch_id, ("ready",), state="printed", printed_at=now)
    note(session, actor, "paper.printed", now=now, batch=batch)
    return batch


def reprint_from(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    batch_id: str,
    last_good: int,
    config: Config | None = None,
) -> PaperBatch:
    """Keep the bundles up to ``last_good``, spoil the papers of the rest, return a new batch of as many.

    The old batch is then settled. Raises BundleOutOfRange, PaperBatchSettled, PaperNotInLedger or what
    ``require_printing`` raises.
    """
    old = get_batch(session, batch_id)
    round = require_printing(session, old.round_id, now=now, config=config)
    bundles = _bundles(session, batch_id)
    if not 0 <= last_good < bundles:
        raise BundleOutOfRange(bundles=bundles, last=bundles - 1)
    if last_good and old.state == "ready" and old.ledger_idx is None:
        raise PaperNotInLedger
    if last_good:
        old = _settle(session, batch_id, ("ready",), state="printed", printed_at=now)
    else:
        gone = {"state": "void", "voided_at": now, "void_reason": "打印机出错，另印一批"}
        old = _settle(session, batch_id, ("ready",), **gone)
    mine = (_PAPER.c.round_id == old.round_id) & (_PAPER.c.batch_id == batch_id)
    spoiled = _spoil(session, mine & (_PAPER.c.bundle > last_good))
    new = make_batch(
        session,
        now=now,
        actor=actor,
        round=round,
        count=spoiled,
        versions=old.versions,
        kind=old.kind,
    )
    note(session, actor, "paper.reprint", now=now, batch=old, last_good=last_good, new=new.number)
    return new


def void_batch(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, reason: str
) -> Spoiled:
    """Void a batch of which nobody got a paper.

    Raises PapersHandedOut, PapersCameBack, PaperReconciled or PaperBatchSettled.

    Bundles are taken back by the same statement that sees whether one was handed out of: a hand-out at the
    same moment either comes first, or finds the bundle charged to nobody.
    """
    _require_all_here(session, get_batch(session, batch_id))
    batch = _settle(
        session, batch_id, ("making", "ready", "printed"), state="void", voided_at=now,
        void_reason=reason,
    )  # fmt: skip
    taken = rows_changed(
        session,
        update(_BUNDLE)
        .where(_BUNDLE.c.batch_id == batch_id, _is_whole())
        .values(holder_id=None, charged_at=None, charged_by=None),
    )
    if taken != _bundles(session, batch_id):
        handed = select(func.sum(_BUNDLE.c.handed)).where(_BUNDLE.c.batch_id == batch_id)
        raise PapersHandedOut(handed=session.scalar(handed) or 0)
    mine = (_PAPER.c.round_id == batch.round_id) & (_PAPER.c.batch_id == batch_id)
    gone = _spoil(session, mine)
    note(session, actor, "paper.void_batch", now=now, batch=batch, voided=gone)
    return Spoiled(gone)


def _require_all_here(session: Session, batch: PaperBatch) -> None:
    """Raise unless no paper of a batch came out of a box and nobody has signed the sheet."""
    steady_round(session, batch.round_id)
    if is_reconciled(session, batch.round_id):
        raise PaperReconciled
    back = select(func.count()).where(
        _PAPER.c.round_id == batch.round_id, _PAPER.c.batch_id == batch.id,
        _PAPER.c.state.in_(("returned", "entered", "invalid")),
    )  # fmt: skip
    number = session.scalar(back) or 0
    if number:
        raise PapersCameBack(number=number)


def _is_whole() -> ColumnElement[bool]:
    return _BUNDLE.c.handed == 0


def _bundles(session: Session, batch_id: str) -> int:
    mine = select(func.count()).where(_BUNDLE.c.batch_id == batch_id)
    return session.scalar(mine) or 0


def _settle(session: Session, batch_id: str, before: Sequence[str], **values: object) -> PaperBatch:
    """Move a batch on; of two officers who press a button at once, one is told so."""
    batch = get_batch(session, batch_id)
    changed = rows_changed(
        session,
        update(PaperBatch)
        .where(PaperBatch.id == batch_id, PaperBatch.state.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False),
    )
    if changed != 1:
        raise PaperBatchSettled
    session.refresh(batch)
    return batch


def _spoil(session: Session, which: ColumnElement[bool]) -> int:
    """Take the papers among these out of use that are still unused, and return how many."""
    spoiling = (
        update(_PAPER)
        .where(which, _PAPER.c.state == PaperState.PRINTED.value)
        .values(state=PaperState.SPOILED.value, reason=MISPRINT)
    )
    return rows_changed(session, spoiling)
