"""Assigned cards: who may get one. A person holds at most one live card."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.orm import Session

from voting.cards.models import BallotCard, CardState
from voting.errors import Refusal
from voting.roll.models import Elector, Participation

_CARD = cast("Table", BallotCard.__table__)


class ElectorsUnfit(Refusal):
    """Some of the people have used their right, hold a card, were struck, or are not on the roll."""

    msgid = "名单里有 %(count)d 个人不能再发卡：已经投过票、已经有卡，或者不在名册上。请刷新后再试。"


class NobodyLeft(Refusal):
    """Everybody in question has a card or has voted."""

    msgid = "这里的参与人都已经有卡或者投过票，没有要印的卡。"


def electors_without_card(
    session: Session, round_id: str, *, building: str | None = None
) -> list[str]:
    """Return who still may get an assigned card, sorted by building so that one delivery walk suffices."""
    query = select(Elector.elector_id).where(Elector.round_id == round_id, _fit(round_id))
    if building is not None:
        query = query.where(Elector.building == building)
    return list(session.scalars(query.order_by(Elector.building, Elector.elector_id)))


def buildings_of(session: Session, round_id: str) -> list[str]:
    """Return the buildings on the roll."""
    query = select(Elector.building).where(
        Elector.round_id == round_id, Elector.struck_at.is_(None)
    )
    return list(session.scalars(query.distinct().order_by(Elector.building)))


def require_fit(
    session: Session, round_id: str, elector_ids: Sequence[str], *, count: int
) -> None:
    """Raise unless these are ``count`` different people who all may get a card.

    The people's rows are locked first, so that of two batches made at once the second sees the first.
    """
    if not elector_ids:
        raise NobodyLeft
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
