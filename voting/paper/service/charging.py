"""Charging workers with bundles, and taking back what nobody has been given of."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, exists, update
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBatch, PaperBundle
from voting.paper.service.noting import note
from voting.paper.service.reading import get_batch, may_hold
from voting.persistence.changing import changes_one, rows_changed
from voting.rounds.service import get_round

_BUNDLE = cast("Table", PaperBundle.__table__)


class PaperHolderUnfit(Refusal):
    """The officer has retired or does not hand out for this round's area."""

    msgid = "请选一位在职的、管得到这个区域的工作人员。"
    status = 422
    field = "holder"


class NoBundleChosen(Refusal):
    """Nothing was ticked."""

    msgid = "请勾选要交给这位工作人员的本子。"
    status = 422
    field = "bundles"


class BundleTaken(Refusal):
    """One of the bundles is charged to somebody, counted, or not there."""

    msgid = "勾选的本子里有已经交给别人的。请刷新后再选。"
    field = "bundles"


class BatchNotPrinted(Refusal):
    """A batch is charged once it was printed and stands in the ledger."""

    msgid = "这一批还没有确认印好，不能交给工作人员。"
    field = "bundles"


class BundleInUse(Refusal):
    """Papers of the bundle were handed out: it is counted, not passed on."""

    msgid = "这一本已经发过票，不能直接退回。请到清票页清点剩下的票，由另一位工作人员收回。"


def charge_bundles(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    batch_id: str,
    numbers: Sequence[int],
    officer_id: str,
) -> None:
    """Charge an officer with bundles nobody holds.

    Raises NotFound, PaperHolderUnfit, NoBundleChosen, BatchNotPrinted or BundleTaken: all or none of them.
    """
    batch = get_batch(session, batch_id)
    officer = session.get(Officer, officer_id) if officer_id.isalnum() else None
    if officer is None or not may_hold(officer, get_round(session, batch.round_id)):
        raise PaperHolderUnfit
    wanted = sorted(set(numbers))
    if not wanted:
        raise NoBundleChosen
    if batch.state != "printed" or batch.ledger_idx is None:
        raise BatchNotPrinted
    these = (_BUNDLE.c.batch_id == batch_id, _BUNDLE.c.number.in_(wanted), _is_free(batch_id))
    charged = {"holder_id": officer.id, "charged_at": now, "charged_by": actor.id}
    if rows_changed(session, update(_BUNDLE).where(*these).values(**charged)) != len(wanted):
        raise BundleTaken
    note(session, actor, "paper.charge", now=now, batch=batch, bundles=wanted, holder=officer.id)


def take_back(session: Session, *, now: datetime, actor: Actor, batch_id: str, number: int) -> None:
    """Take a bundle back of which nothing was handed out; raise NotFound or BundleInUse."""
    batch = get_batch(session, batch_id)
    whole = (
        _BUNDLE.c.batch_id == batch_id, _BUNDLE.c.number == number, _BUNDLE.c.holder_id.is_not(None),
        _BUNDLE.c.handed == 0, _BUNDLE.c.unused.is_(None),
    )  # fmt: skip
    free = {"holder_id": None, "charged_at": None, "charged_by": None}
    if not changes_one(session, update(_BUNDLE).where(*whole).values(**free)):
        raise BundleInUse
    note(session, actor, "paper.take_back", now=now, batch=batch, bundles=[number])


def pass_on(session: Session, *, now: datetime, actor: Actor, before: str, after: str) -> int:
    """Charge another officer with all bundles one holds that are not counted; return how many.

    For an officer who leaves. What was handed out of them goes with them to the other.
    """
    mine = update(_BUNDLE).where(_BUNDLE.c.holder_id == before, _BUNDLE.c.unused.is_(None))
    return rows_changed(session, mine.values(holder_id=after, charged_at=now, charged_by=actor.id))


def _is_free(batch_id: str) -> ColumnElement[bool]:
    printed = exists().where(PaperBatch.id == batch_id, PaperBatch.state == "printed")
    return and_(_BUNDLE.c.holder_id.is_(None), _BUNDLE.c.unused.is_(None), printed)
