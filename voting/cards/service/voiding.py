"""Taking cards out of the game, one or many, and printing others in their place.

A card is voided by a conditional update: a card that was spent meanwhile stays spent, and its vote stands.
Seeds are files: whoever calls forgets the seed of a batch after the commit, never before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.cards.models import BallotCard, CardBatch, CardState
from voting.cards.rules import serial
from voting.cards.service.electors import fit_among
from voting.cards.service.issuing import BatchPlan, make_batch, require_issuing
from voting.cards.service.noting import note
from voting.cards.service.reading import Card, get_batch
from voting.config import Config
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.persistence.changing import changes_one

_CARD = cast("Table", BallotCard.__table__)


class BatchSettled(Refusal):
    """Somebody has confirmed, reprinted or voided this batch before."""

    msgid = "这一批已经办过了（确认印好、重印或作废）。请回到批次页看现在的状态。"


class SheetsNotMade(Refusal):
    """Nobody can have printed a file that was never made."""

    msgid = "还没有生成打印文件，不能确认已经印好。"


class SheetOutOfRange(Refusal):
    """The batch has no such sheet, or nothing follows it."""

    msgid = "这一批共 %(sheets)d 张纸，请填 0 到 %(last)d：最后一张印得完好的是第几张。"
    status = 422
    field = "last_good"


class NothingToReprint(Refusal):
    """Every card after the last good sheet is spent or void already."""

    msgid = "后面的卡都已经用过或作废，没有要重印的。"


class CardSpent(Refusal):
    """A ballot was cast with the card."""

    msgid = "这张卡已经投过票，选票有效，不能作废，也不能补卡。"
    status = 422
    field = "card"


class BatchNotInLedger(Refusal):
    """Nobody could tell later which cards there were."""

    msgid = (
        "这一批卡还没有记入公开账本，不能发。最多等几分钟再办；"
        "也可以在这一批的页面上点“现在记入公开账本”。"
    )


class CardVoidAlready(Refusal):
    """The card was voided before."""

    msgid = "这张卡以前已经作废了，没有再变动。"
    status = 422
    field = "card"


@dataclass(frozen=True)
class Voided:
    """How many cards an act made void, and how many it left because they were spent or void before."""

    count: int
    left: int


def confirm_printed(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, sheets_made: bool
) -> CardBatch:
    """Note that a batch was printed well; the caller then forgets its seed and its file.

    It may be handed out from now on, so it must stand in the public ledger. Raises SheetsNotMade,
    BatchNotInLedger or BatchSettled.
    """
    if not sheets_made:
        raise SheetsNotMade
    batch = get_batch(session, batch_id)
    if batch.kind == "vote" and batch.state == "ready" and batch.ledger_idx is None:
        raise BatchNotInLedger
    batch = _settle(session, batch_id, before=("ready",), state="printed", printed_at=now)
    note(session, actor, "cards.printed", now=now, batch=batch)
    return batch


def void_batch(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, reason: str
) -> Voided:
    """Void a batch and every card in it that is not spent; the caller then forgets its seed."""
    batch = _settle(
        session,
        batch_id,
        before=("making", "ready", "printed"),
        state="void",
        voided_at=now,
        void_reason=reason,
    )
    gone = _void(session, _CARD.c.batch_id == batch_id, reason)
    note(session, actor, "cards.void_batch", now=now, batch=batch, voided=len(gone))
    return Voided(count=len(gone), left=batch.count - len(gone))


def reprint_from(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    batch_id: str,
    last_good: int,
    config: Config | None = None,
) -> CardBatch:
    """Keep the sheets up to ``last_good``, void the rest, and return a new batch of as many cards.

    The old batch is then settled: ``printed``, or ``void`` when no sheet was good. The caller forgets its
    seed after the commit.
    """
    old = get_batch(session, batch_id)
    round = require_issuing(session, old.round_id, now=now, config=config)
    if not 0 <= last_good < old.sheets:
        raise SheetOutOfRange(sheets=old.sheets, last=old.sheets - 1)
    reason = "打印机出错，换新卡"
    if last_good:
        old = _settle(session, batch_id, before=("ready",), state="printed", printed_at=now)
    else:
        old = _settle(
            session, batch_id, before=("ready",), state="void", voided_at=now, void_reason=reason
        )
    gone = _void(session, (_CARD.c.batch_id == batch_id) & (_CARD.c.sheet > last_good), reason)
    plan = _plan_again(session, old, gone, replaces_from=last_good + 1)
    new = make_batch(session, now=now, actor=actor, keys=keys, round=round, plan=plan)
    note(session, actor, "cards.reprint", now=now, batch=old, last_good=last_good, new=new.number)
    return new


def void_card(session: Session, *, now: datetime, actor: Actor, card: Card, reason: str) -> None:
    """Void one card that is not spent; raise CardSpent or CardVoidAlready."""
    _void_one(session, card, reason)
    batch = get_batch(session, card.batch_id)
    note(session, actor, "cards.void_card", now=now, batch=batch, serial=card.serial, reason=reason)


def replace_card(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    card: Card,
    reason: str,
    config: Config | None = None,
) -> CardBatch:
    """Void a card found by its stub and return a batch of one new card in its place."""
    round = require_issuing(session, card.round_id, now=now, config=config)
    owner = _void_one(session, card, reason)
    old = get_batch(session, card.batch_id)
    plan = _plan_again(session, old, [owner], replaces_from=None)
    new = make_batch(session, now=now, actor=actor, keys=keys, round=round, plan=plan)
    note(
        session,
        actor,
        "cards.replace_card",
        now=now,
        batch=old,
        serial=card.serial,
        reason=reason,
        new=serial(new.number, 1, 1),
    )
    return new


def _settle(
    session: Session, batch_id: str, *, before: Sequence[str], **values: object
) -> CardBatch:
    """Move a batch on; of two officers who press a button at once, one is told so."""
    batch = get_batch(session, batch_id)
    moved = (
        update(CardBatch)
        .where(CardBatch.id == batch_id, CardBatch.state.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not changes_one(session, moved):
        raise BatchSettled
    session.refresh(batch)
    return batch


def _void(session: Session, which: ColumnElement[bool], reason: str) -> list[str | None]:
    """Void the unspent cards among these and return whom each belonged to."""
    rows = session.execute(
        update(_CARD)
        .where(which, _CARD.c.state == CardState.PRINTED.value)
        .values(state=CardState.VOID.value, void_reason=reason)
        .returning(_CARD.c.elector_id)
    )
    return list(rows.scalars())


def _void_one(session: Session, card: Card, reason: str) -> str | None:
    mine = (_CARD.c.round_id == card.round_id) & (_CARD.c.cred_hash == card.cred_hash)
    gone = _void(session, mine, reason)
    if gone:
        return gone[0]
    state = session.execute(select(_CARD.c.state).where(mine)).scalar_one()
    raise CardSpent if state == CardState.SPENT.value else CardVoidAlready


def _plan_again(
    session: Session, old: CardBatch, owners: Sequence[str | None], *, replaces_from: int | None
) -> BatchPlan:
    """Plan as many cards as went; a person who has voted on paper meanwhile gets none."""
    people: list[str] | None = None
    count = len(owners)
    if old.mode == "assigned":
        fit = fit_among(session, old.round_id, {owner for owner in owners if owner})
        people = [owner for owner in owners if owner in fit]
        count = len(people)
    if not count:
        raise NothingToReprint
    return BatchPlan(
        count=count,
        mode=old.mode,
        per_sheet=old.per_sheet,
        elector_ids=people,
        replaces_id=old.id,
        replaces_from=replaces_from,
    )
