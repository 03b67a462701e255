"""Mending the roll before it is frozen: a wrong place or telephone, a person who does not belong on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.paging import one_page
from voting.roll.models import Elector
from voting.roll.rules.entries import read_place
from voting.roll.rules.names import read_phone
from voting.roll.service.entering import AlreadyListed, PlaceMissing
from voting.roll.service.importing import BASIS_OF, hold_roll
from voting.roll.service.secrecy import (
    RollKey,
    open_phone,
    open_room,
    person_key,
    roll_key,
    seal_phone,
    seal_room,
)
from voting.rounds.models import Round


class AlreadyStruck(Refusal):
    """The person was struck before."""

    msgid = "这位居民已经除名了，不用再办。"


class NotStruck(Refusal):
    """The person is on the roll."""

    msgid = "这位居民在名册上，不用恢复。"


@dataclass(frozen=True, repr=False)
class Contact:
    """Where a person lives and how to call them: opened for one look that is written down."""

    room: str
    phone: str


@dataclass(frozen=True)
class ElectorPage:
    """One page of people; pages count from 1."""

    electors: Sequence[Elector]
    total: int
    page: int
    pages: int


def get_elector(session: Session, round_id: str, elector_id: str) -> Elector:
    """Return a person of a round's roll; raise NotFound."""
    found = session.get(Elector, (round_id, elector_id)) if elector_id.isalnum() else None
    if found is None:
        raise NotFound
    return found


def look(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round: Round, elector: Elector
) -> Contact:
    """Return a person's room and telephone, and write down that somebody looked."""
    pepper = roll_key(keys, round)
    _note(session, actor, "roll.look", now=now, round=round, elector=elector)
    return Contact(open_room(pepper, elector.room_sealed), open_phone(pepper, elector.phone_sealed))


def correct(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    elector_id: str,
    basis: str,
    place: str,
    phone: str,
) -> None:
    """Set down basis, place and telephone anew; raise RollFrozen, AlreadyStruck or what a field lacks."""
    round = hold_roll(session, round_id, actor)
    pepper = roll_key(keys, round)
    elector = get_elector(session, round.id, elector_id)
    values = read_correction(session, pepper, elector, basis=basis, place=place, phone=phone)
    if not _change(session, elector, Elector.struck_at.is_(None), values):
        raise AlreadyStruck
    _note(session, actor, "roll.correct", now=now, round=round, elector=elector)


def read_correction(
    session: Session, pepper: RollKey, elector: Elector, *, basis: str, place: str, phone: str
) -> dict[str, object]:
    """Return basis, place and telephone as they are kept; raise what a field lacks."""
    try:
        there = read_place(place, basis)
    except Refusal as refusal:
        refusal.field = "place"
        raise
    try:
        number = read_phone(phone)
    except Refusal as refusal:
        refusal.field = "phone"
        raise
    values: dict[str, object] = {
        "basis": BASIS_OF[basis],
        "building": there[0],
        "room_sealed": seal_room(pepper, there[1]),
        "phone_sealed": seal_phone(pepper, number),
    }
    if elector.person_key is not None:
        values["person_key"] = _moved(session, pepper, elector, there)
    return values


def _moved(session: Session, pepper: RollKey, elector: Elector, place: tuple[str, str]) -> bytes:
    if not any(place):
        raise PlaceMissing(field="place")
    key = person_key(pepper, elector.name_key, place)
    # The round is held, so nobody is listed between this look and the change.
    taken = session.scalar(
        select(Elector.elector_id).where(
            Elector.round_id == elector.round_id,
            Elector.person_key == key,
            Elector.elector_id != elector.elector_id,
        )
    )
    if taken is not None:
        raise AlreadyListed(field="place")
    return key


def strike(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    elector_id: str,
    reason: str,
) -> None:
    """Take somebody off the roll for one of the reasons a form offers; raise RollFrozen or AlreadyStruck."""
    round = hold_roll(session, round_id, actor)
    elector = get_elector(session, round.id, elector_id)
    listed = Elector.struck_at.is_(None)
    if not _change(session, elector, listed, {"struck_at": now, "struck_reason": reason}):
        raise AlreadyStruck
    _note(session, actor, "roll.strike", now=now, round=round, elector=elector, reason=reason)


def restore(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str
) -> None:
    """Put somebody who was struck back on the roll; raise RollFrozen or NotStruck."""
    round = hold_roll(session, round_id, actor)
    elector = get_elector(session, round.id, elector_id)
    struck = Elector.struck_at.is_not(None)
    if not _change(session, elector, struck, {"struck_at": None, "struck_reason": None}):
        raise NotStruck
    _note(session, actor, "roll.restore", now=now, round=round, elector=elector)


def without_number(session: Session, round_id: str, *, page: int = 1) -> ElectorPage:
    """Return a page of the people listed after a worker saw a paper, the latest first."""
    known = (Elector.confirmed_by.is_not(None), Elector.struck_at.is_(None))
    return _page(session, [Elector.round_id == round_id, *known], Elector.added_at.desc(), page)


def struck_people(session: Session, round_id: str, *, page: int = 1) -> ElectorPage:
    """Return a page of the people taken off a roll, the latest first."""
    struck = [Elector.round_id == round_id, Elector.struck_at.is_not(None)]
    return _page(session, struck, Elector.struck_at.desc(), page)


def _page(
    session: Session, wanted: list[ColumnElement[bool]], order: ColumnElement[Any], page: int
) -> ElectorPage:
    query = select(Elector).where(*wanted).order_by(order, Elector.elector_id)
    found = one_page(session, query, page)
    electors = [row.Elector for row in found.rows]
    return ElectorPage(electors, found.total, found.page, found.pages)


def _change(
    session: Session, elector: Elector, still: ColumnElement[bool], values: dict[str, object]
) -> bool:
    changed = session.scalars(
        update(Elector)
        .where(
            Elector.round_id == elector.round_id, Elector.elector_id == elector.elector_id, still
        )
        .values(**values)
        .returning(Elector.elector_id)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None


def _note(
    session: Session,
    actor: Actor,
    act: str,
    *,
    now: datetime,
    round: Round,
    elector: Elector,
    reason: str = "",
) -> None:
    place = {"kind": "elector", "id": elector.elector_id, "area_path": round.area.path}
    record(session, actor, act, now=now, round_id=round.id, reason=reason, **place)
