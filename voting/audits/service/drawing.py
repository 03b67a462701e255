"""Drawing test cards: by the machine, or by the monitor's hand from the sealed box.

What may be drawn is decided by a trigger and by unique keys. The rows of the cards are held first, so that on
PostgreSQL no card is spent between the look and the draw.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, exists, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.audits.rules import MOST_CARDS, drawn_hash
from voting.audits.service.revealing import AlreadyRevealed, find_reveal
from voting.cards.models import BallotCard, CardBatch, CardDraw, CardState, DrawnCard
from voting.cards.service import Card, CardUnknown, find_by_serial
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.service import note_for_ledger
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round, require_monitor

DRAWING = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING})
_CARD = cast("Table", BallotCard.__table__)
_DRAWN = cast("Table", DrawnCard.__table__)
_APART = re.compile(r"[\s,，、;；]+")


class NotDrawing(Refusal):
    """Test cards are drawn while somebody can still vote with them."""

    msgid = "现在不能抽暗访卡：要等投票公告发布之后、投票截止之前，而且没有暂停。"


class TooFewCards(Refusal):
    """There are not so many unused bearer cards."""

    msgid = "没用过的不记名投票卡只有 %(left)d 张，抽不出 %(count)d 张。请少抽几张，或先印卡。"
    status = 422
    field = "count"


class TooManyDrawn(Refusal):
    """A round has at most two hundred test cards."""

    msgid = "一轮最多抽 %(most)d 张暗访卡，已经抽了 %(drawn)d 张，还能抽 %(left)d 张。"
    status = 422


class SerialsUnfit(Refusal):
    """Some of the typed numbers are no cards that can be drawn; the sentence names each with its reason."""

    msgid = "这些卡不能抽：%(which)s。其他的也还没有登记，请改好再提交。"
    status = 422
    field = "serials"


class DrawnMeanwhile(Refusal):
    """A card was spent, voided or drawn at this very moment."""

    msgid = "有一张卡刚刚被用掉、作废或抽走了，这次没有抽成。请再抽一次。"


def draw_by_system(
    session: Session, *, now: datetime, actor: Actor, round_id: str, monitor_id: str, count: int
) -> CardDraw:
    """Draw ``count`` unused bearer cards by a generator nobody can predict; nothing is marked on the roll.

    Raises NotFound, NotDrawing, MonitorUnfit, TooManyDrawn, TooFewCards or DrawnMeanwhile.
    """
    _held(session, now=now, actor=actor, round_id=round_id)
    _require_room(session, round_id, count, field="count")
    unused = list(session.scalars(_drawable(round_id)))
    if len(unused) < count:
        raise TooFewCards(left=len(unused), count=count)
    chosen = secrets.SystemRandom().sample(unused, count)
    return _draw(session, now, actor, round_id, monitor_id, chosen, way="system")


def draw_by_hand(
    session: Session, *, now: datetime, actor: Actor, round_id: str, monitor_id: str, serials: str
) -> CardDraw:
    """Draw the cards whose stubs a monitor reads out; all of them or none.

    Raises NotFound, NotDrawing, MonitorUnfit, SerialsUnfit, TooManyDrawn or DrawnMeanwhile.
    """
    _held(session, now=now, actor=actor, round_id=round_id)
    words = [word for word in _APART.split(serials) if word]
    _require_room(session, round_id, len(words), field="serials")
    chosen = _cards_named(session, round_id, words)
    return _draw(session, now, actor, round_id, monitor_id, chosen, way="hand")


def count_drawn(session: Session, round_id: str) -> int:
    """Return how many test cards a round has."""
    return session.scalar(select(func.count()).where(_DRAWN.c.round_id == round_id)) or 0


def count_drawable(session: Session, round_id: str) -> int:
    """Return how many unused bearer cards could be drawn."""
    return session.scalar(select(func.count()).select_from(_drawable(round_id).subquery())) or 0


def _held(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.kind == "loaded" or round.phase_at(now) not in DRAWING:
        raise NotDrawing
    if find_reveal(session, round_id) is not None:
        # Voting was opened again after the reveal: a card drawn now could not be revealed any more.
        raise AlreadyRevealed
    return round


def _require_room(session: Session, round_id: str, count: int, *, field: str) -> None:
    drawn = count_drawn(session, round_id)
    if drawn + count > MOST_CARDS:
        raise TooManyDrawn(most=MOST_CARDS, drawn=drawn, left=MOST_CARDS - drawn, field=field)


def _drawable(round_id: str) -> Select[bytes]:
    """Return the query for cards that anybody may still be handed: printed, of nobody, in no draw."""
    taken = exists().where(
        _DRAWN.c.round_id == _CARD.c.round_id, _DRAWN.c.cred_hash == _CARD.c.cred_hash
    )
    return (
        select(_CARD.c.cred_hash)
        .join(CardBatch, CardBatch.id == _CARD.c.batch_id)
        .where(
            _CARD.c.round_id == round_id, _CARD.c.state == CardState.PRINTED.value,
            _CARD.c.elector_id.is_(None), CardBatch.kind == "vote", CardBatch.mode == "bearer",
            CardBatch.state.in_(("ready", "printed")), ~taken,
        )
    )  # fmt: skip


def _cards_named(session: Session, round_id: str, words: Sequence[str]) -> list[bytes]:
    chosen: list[bytes] = []
    unfit = []
    for word in words:
        try:
            card = find_by_serial(session, round_id, word)
        except CardUnknown:
            unfit.append(f"{word[:40]}（没有这张卡）")
            continue
        reason = "填了两次" if card.cred_hash in chosen else _unfit(session, card)
        if reason:
            unfit.append(f"{card.serial}（{reason}）")
        chosen.append(card.cred_hash)
    if unfit:
        raise SerialsUnfit(which="、".join(unfit))
    return chosen


def _unfit(session: Session, card: Card) -> str:
    if session.get(DrawnCard, (card.round_id, card.cred_hash)) is not None:
        return "已经抽过"
    if card.state != CardState.PRINTED.value:
        return "已经投过票" if card.state == CardState.SPENT.value else "已经作废"
    drawable = _drawable(card.round_id).where(_CARD.c.cred_hash == card.cred_hash)
    return "" if session.scalar(drawable) is not None else "不是不记名的投票卡"


def _draw(
    session: Session,
    now: datetime,
    actor: Actor,
    round_id: str,
    monitor_id: str,
    chosen: Sequence[bytes],
    *,
    way: str,
) -> CardDraw:
    monitor = require_monitor(session, round_id, monitor_id)
    cards = _hold_in_order(session, round_id, chosen)
    draw = CardDraw(
        round_id=round_id, at=now, by=actor.id, monitor_id=monitor.id, way=way, count=len(cards)
    )
    session.add(draw)
    session.flush()
    _store(session, draw, cards)
    note_for_ledger(
        session, now=now, round_id=round_id, kind="tests", cards=len(cards),
        hash=drawn_hash(cards).hex(),
    )  # fmt: skip
    record(
        session, actor, "audits.draw_cards", now=now, kind="round", id=round_id,
        area_path=session.get_one(Round, round_id).area.path, count=len(cards), mode=way,
    )  # fmt: skip
    return draw


def _hold_in_order(session: Session, round_id: str, chosen: Sequence[bytes]) -> Sequence[bytes]:
    """Hold the rows of cards and return them in the order of their stubs: so they are found in the box."""
    mine = select(_CARD.c.cred_hash).where(
        _CARD.c.round_id == round_id, _CARD.c.cred_hash.in_(chosen)
    )
    session.execute(mine.order_by(_CARD.c.cred_hash).with_for_update()).all()
    in_order = mine.join(CardBatch, CardBatch.id == _CARD.c.batch_id).order_by(
        CardBatch.number, _CARD.c.sheet, _CARD.c.place
    )
    return session.scalars(in_order).all()


def _store(session: Session, draw: CardDraw, cards: Sequence[bytes]) -> None:
    first = count_drawn(session, draw.round_id) + 1
    rows = [
        {"round_id": draw.round_id, "cred_hash": one, "draw_id": draw.id, "number": first + at}
        for at, one in enumerate(cards)
    ]
    try:
        with session.begin_nested():
            session.execute(insert(_DRAWN), rows)
    except IntegrityError as taken:
        raise DrawnMeanwhile from taken
