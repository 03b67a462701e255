"""What monitors wrote down of their test ballots is typed, and then revealed: once, before the urn is opened.

Until the reveal a line may be typed again; from then on it stands, in the ledger as well. Whoever reveals and
whoever opens the urn hold the round's row first, and a trigger refuses a reveal of an open urn.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Table,
    column,
    exists,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.audits.rules import unknown_slot
from voting.ballots.models import UrnEntry
from voting.ballots.rules import check_choices, slot_range
from voting.ballots.service import load_paper
from voting.cards.models import BallotCard, CardReveal, CardState, DrawnCard
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.service import note_for_ledger
from voting.persistence.changing import changes_one, rows_changed
from voting.rounds.models import Round
from voting.rounds.rules import OverLimit, Phase
from voting.rounds.service import get_round, hold_round, require_monitor, settle

VOID_REASON = "暗访卡没有用过，公布时作废"
_CARD = cast("Table", BallotCard.__table__)
_DRAWN = cast("Table", DrawnCard.__table__)
_REVEAL = cast("Table", CardReveal.__table__)
_URN = cast("Table", UrnEntry.__table__)
# The table of a later stage, which this one may not import; the trigger reads the same.
_OPENING = table("urn_opening", column("round_id"), column("second_officer"))


class NotRevealing(Refusal):
    """Voting is still on, or the round is past its count."""

    msgid = "现在不能录入、公布暗访卡：要等投票截止之后、开箱之前。"


class UrnOpened(Refusal):
    """A second officer has agreed to open the urn."""

    msgid = "两位工作人员已经同意开箱，不能再录入、公布暗访卡。没公布的按普通选票计，会如实报告。"


class AlreadyRevealed(Refusal):
    """The reveal is made once."""

    msgid = "暗访卡已经公布过了，不能再改。"


class CardNotUsed(Refusal):
    """Nobody has voted with this test card."""

    msgid = "这张暗访卡没有投过票，不用录；公布时会自动作废。请核对卡号。"
    status = 422


class ReceiptUsedTwice(Refusal):
    """Another test card has this receipt."""

    msgid = "这个回执号已经录在第 %(number)d 张暗访卡上了。请核对纸上写的。"
    status = 422
    field = "receipt"


class ReceiptNotInUrn(Refusal):
    """No ballot of this round has this receipt."""

    msgid = (
        "票箱里没有这个回执号。请先和监票人核对纸上写的、手机上存的回执；"
        "确实没有抄错的，勾选下面一项，如实登记。"
    )
    status = 422
    field = "receipt"


class ChoicesUnfit(Refusal):
    """No ballot of this round can say this: a slip of whoever wrote or typed."""

    msgid = "本轮每张选票选 %(least)d 到 %(most)d 个项目，勾的是 %(chosen)d 个。请核对纸上写的。"
    status = 422
    field = "choices"


class ChoicesTooDear(Refusal):
    """No ballot of this round can say this: its projects cost more than a ballot may spend."""

    msgid = "本轮每张选票选的项目%(limit)s，勾的加起来超过了。请核对纸上写的。"
    status = 422
    field = "choices"


class NothingDrawn(Refusal):
    """There are no test cards."""

    msgid = "这一轮没有抽过暗访卡。"


def write_down(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    number: int,
    code: str,
    choices: Sequence[int],
    missing: bool = False,
) -> None:
    """Type what a monitor wrote down of test card ``number``; again until the reveal.

    ``code`` is a receipt in its 16 characters; ``missing`` says that it was checked and is not in the urn.
    Raises NotFound, NotRevealing, UrnOpened, AlreadyRevealed, CardNotUsed, ReceiptNotInUrn, ReceiptUsedTwice,
    ChoicesUnfit or ChoicesTooDear.
    """
    _require_revealing(session, now=now, actor=actor, round_id=round_id)
    chosen = _checked(session, round_id, choices)
    slot = find_slot(session, round_id, code)
    if slot is None and not missing:
        raise ReceiptNotInUrn
    slot = slot or unknown_slot(code)
    mine = _line(round_id, number)
    spent = exists().where(
        _CARD.c.round_id == _DRAWN.c.round_id, _CARD.c.cred_hash == _DRAWN.c.cred_hash,
        _CARD.c.state == CardState.SPENT.value,
    )  # fmt: skip
    written = update(_DRAWN).where(mine, spent).values(slot=slot, choices=json.dumps(chosen))
    try:
        with session.begin_nested():
            is_written = changes_one(session, written)
    except IntegrityError as refused:
        raise _why(session, round_id, slot) from refused
    if not is_written:
        if session.scalar(select(_DRAWN.c.number).where(mine)) is None:
            raise NotFound
        raise CardNotUsed


def reveal(
    session: Session, *, now: datetime, actor: Actor, round_id: str, monitor_id: str
) -> CardReveal:
    """Reveal what was typed, void the test cards nobody used; once, and before the urn is open.

    Raises NotFound, NotRevealing, NothingDrawn, MonitorUnfit, UrnOpened or AlreadyRevealed.
    """
    round = _require_revealing(session, now=now, actor=actor, round_id=round_id)
    lines = session.execute(select(_DRAWN).where(_DRAWN.c.round_id == round_id)).all()
    if not lines:
        raise NothingDrawn
    monitor = require_monitor(session, round_id, monitor_id)
    voided = _void_unused(session, round_id)
    written = [line for line in lines if line.slot is not None]
    facts = {
        "round_id": round_id, "at": now, "by": actor.id, "monitor_id": monitor.id,
        "drawn": len(lines), "revealed": len(written), "voided": voided,
    }  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(insert(_REVEAL), facts)
    except IntegrityError as refused:
        raise (UrnOpened if is_opened(session, round_id) else AlreadyRevealed) from refused
    for line in sorted(written, key=lambda one: one.slot):
        note_for_ledger(
            session, now=now, round_id=round_id, kind="reveal", slot=line.slot.hex(),
            choices=json.loads(line.choices),
        )  # fmt: skip
    record(
        session, actor, "audits.reveal", now=now, kind="round", id=round_id,
        area_path=round.area.path, count=len(written), voided=voided,
    )  # fmt: skip
    return session.get_one(CardReveal, round_id, populate_existing=True)


def find_reveal(session: Session, round_id: str) -> CardReveal | None:
    """Return the reveal of a round, or None."""
    return session.get(CardReveal, round_id, populate_existing=True)


def is_opened(session: Session, round_id: str) -> bool:
    """Tell whether a second officer has agreed to open the urn."""
    mine = select(_OPENING.c.second_officer).where(_OPENING.c.round_id == round_id)
    return session.scalar(mine) is not None


def find_slot(session: Session, round_id: str, code: str) -> bytes | None:
    """Return the slot of a receipt's ballot in this round's urn, or None."""
    first, last = slot_range(code)
    mine = select(_URN.c.slot).where(
        _URN.c.round_id == round_id, _URN.c.slot >= first, _URN.c.slot <= last
    )
    return session.scalars(mine.limit(1)).one_or_none()


def _require_revealing(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    settle(session, now=now, round_id=round_id)
    if not get_round(session, round_id).area.path.startswith(actor.area_path):
        raise NotFound
    round = hold_round(session, round_id)
    if round.phase != Phase.COUNTING:
        raise NotRevealing
    if is_opened(session, round_id):
        raise UrnOpened
    if find_reveal(session, round_id) is not None:
        raise AlreadyRevealed
    return round


def _checked(session: Session, round_id: str, choices: Sequence[int]) -> tuple[int, ...]:
    """Return the choices as a ballot says them; whatever stood on the list counts, withdrawn since or not."""
    paper = load_paper(session, round_id)
    standing = {number: replace(one, withdrawn=False) for number, one in paper.by_number.items()}
    try:
        return check_choices(replace(paper, by_number=standing), choices)
    except OverLimit as refused:
        raise ChoicesTooDear(limit=paper.spending) from refused
    except Refusal as refused:
        least, most = paper.min_choices, paper.max_choices
        raise ChoicesUnfit(least=least, most=most, chosen=len(set(choices))) from refused


def _line(round_id: str, number: int) -> ColumnElement[bool]:
    return (_DRAWN.c.round_id == round_id) & (_DRAWN.c.number == number)


def _why(session: Session, round_id: str, slot: bytes) -> Refusal:
    """Tell why the database took no line: the receipt stands on another one, or all is revealed."""
    other = select(_DRAWN.c.number).where(_DRAWN.c.round_id == round_id, _DRAWN.c.slot == slot)
    number = session.scalar(other)
    return AlreadyRevealed() if number is None else ReceiptUsedTwice(number=number)


def _void_unused(session: Session, round_id: str) -> int:
    drawn = exists().where(
        _DRAWN.c.round_id == _CARD.c.round_id, _DRAWN.c.cred_hash == _CARD.c.cred_hash
    )
    unused = (
        update(_CARD)
        .where(_CARD.c.round_id == round_id, _CARD.c.state == CardState.PRINTED.value, drawn)
        .values(state=CardState.VOID.value, void_reason=VOID_REASON)
    )
    return rows_changed(session, unused)
