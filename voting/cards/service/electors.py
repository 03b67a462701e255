"""Assigned cards: who may get one. A person holds at most one live card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unlock_field
from voting.cards.models import BallotCard, CardBatch, CardState
from voting.cards.rules import serial
from voting.errors import Refusal
from voting.roll.models import Elector, Participation
from voting.roll.rules.search import natural
from voting.roll.service.secrecy import ROOM_PURPOSE, roll_key
from voting.rounds.service import get_round

_CARD = cast("Table", BallotCard.__table__)


class ElectorsUnfit(Refusal):
    """Some of the people have used their right, hold a card, were struck, or are not on the roll."""

    msgid = (
        "名单里有 %(count)d 个人不能再发卡：已经投过票、已经有卡，或者不在名册上。请刷新后再试。"
    )


class NobodyLeft(Refusal):
    """Everybody in question has a card or has voted."""

    msgid = "这里的参与人都已经有卡或者投过票，没有要印的卡。"


@dataclass(frozen=True)
class Delivery:
    """Where an assigned card that is not used yet belongs."""

    serial: str
    building: str
    room: str
    name: str


def electors_without_card(
    session: Session, round_id: str, *, keys: Keyring, building: str | None = None
) -> list[str]:
    """Return who still may get an assigned card, in the order of a walk from door to door."""
    query = select(Elector).where(Elector.round_id == round_id, _fit(round_id))
    if building is not None:
        query = query.where(Elector.building == building)
    pepper = roll_key(keys, get_round(session, round_id))
    people = sorted(session.scalars(query), key=lambda elector: _door(elector, pepper))
    return [elector.elector_id for elector in people]


def deliveries(session: Session, batch: CardBatch, *, keys: Keyring) -> list[Delivery]:
    """Return where the unused cards of an assigned batch belong, in the order of its sheets."""
    rows = session.execute(
        select(_CARD.c.sheet, _CARD.c.place, Elector)
        .join(
            Elector,
            (Elector.round_id == _CARD.c.round_id) & (Elector.elector_id == _CARD.c.elector_id),
        )
        .where(_CARD.c.batch_id == batch.id, _CARD.c.state == CardState.PRINTED.value)
        .order_by(_CARD.c.sheet, _CARD.c.place)
    )
    pepper = roll_key(keys, get_round(session, batch.round_id))
    return [
        Delivery(
            serial=serial(batch.number, sheet, place),
            building=elector.building,
            room=_room(elector, pepper),
            name=elector.name_masked,
        )
        for sheet, place, elector in rows
    ]


def _room(elector: Elector, pepper: bytes) -> str:
    return unlock_field(pepper, ROOM_PURPOSE, elector.room_sealed) if elector.room_sealed else ""


def _door(elector: Elector, pepper: bytes) -> tuple[object, object, str]:
    return natural(elector.building), natural(_room(elector, pepper)), elector.elector_id


def require_fit(session: Session, round_id: str, elector_ids: Sequence[str], *, count: int) -> None:
    """Raise unless these are ``count`` different people who all may get a card.

    The people's rows are locked first, so that of two batches made at once the second sees the first.
    """
    named = set(elector_ids)
    fit = fit_among(session, round_id, named)
    if len(fit) < len(elector_ids) or len(elector_ids) != count:
        raise ElectorsUnfit(count=max(len(elector_ids) - len(fit), 1))


def fit_among(session: Session, round_id: str, elector_ids: set[str]) -> set[str]:
    """Return those who may get a card, their rows locked."""
    among = and_(Elector.round_id == round_id, Elector.elector_id.in_(elector_ids))
    lock = select(Elector.elector_id).where(among).order_by(Elector.elector_id)
    session.execute(lock.with_for_update(key_share=True)).all()
    return set(session.scalars(select(Elector.elector_id).where(among, _fit(round_id))))


def _fit(round_id: str) -> ColumnElement[bool]:
    used = select(Participation.elector_id).where(Participation.round_id == round_id)
    # NOT IN over a list without NULL: both databases build it once instead of looking per person.
    holding = select(_CARD.c.elector_id).where(
        _CARD.c.round_id == round_id,
        _CARD.c.elector_id.is_not(None),
        _CARD.c.state == CardState.PRINTED.value,
    )
    return and_(
        Elector.struck_at.is_(None),
        Elector.elector_id.not_in(used),
        Elector.elector_id.not_in(holding),
    )
