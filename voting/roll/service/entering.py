"""One person entered at the desk: with a number, or after a worker has looked at a paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.roll.models import Elector
from voting.roll.rules.age import EARLIEST_BIRTH, age_band, require_age
from voting.roll.rules.entries import age_of, read_place
from voting.roll.rules.identity import read_identity
from voting.roll.rules.names import mask_name, read_name, read_phone
from voting.roll.rules.papers import Paper, seen
from voting.roll.rules.reading import Terms
from voting.roll.service.comparing import MaybeListed, NameDiffers
from voting.roll.service.importing import BASIS_OF, hold_roll, terms_of
from voting.roll.service.inserting import ELECTOR, insert_new
from voting.roll.service.secrecy import (
    RollKey,
    name_key,
    number_key,
    open_room,
    person_key,
    roll_key,
    seal_phone,
    seal_room,
)

_Read = TypeVar("_Read")


class AlreadyListed(Refusal):
    """The person is on the roll."""

    msgid = "名册里已经有这位居民，不用再登记。"
    status = 422


class PlaceMissing(Refusal):
    """Nothing would keep the person from being listed twice."""

    msgid = "没有证件号码的，要填楼栋房号，或者单位、学校的名称，以免重复登记。"
    status = 422


class WrongBirthDay(Refusal):
    """A day in the future, or before 1900."""

    msgid = "出生日期不对。请对照证件填写，比如 1950-03-02。"
    status = 422


@dataclass(frozen=True, repr=False)
class PersonFacts:
    """What a worker types of a person. ``born`` and ``paper`` where there is no number."""

    name: str
    basis: str
    place: str
    phone: str
    number: str = ""
    paper: Paper | None = None
    born: date | None = None
    old_age_checked: bool = False
    namesake_checked: bool = False


def enter_person(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    facts: PersonFacts,
) -> Elector:
    """List one person, or list again somebody who was struck.

    Raise RollFrozen, AlreadyListed, NameDiffers, MaybeListed, or what is wrong with a field.
    """
    round = hold_roll(session, round_id, actor)
    pepper = roll_key(keys, round)
    terms = terms_of(round, now, old_ages_checked=facts.old_age_checked)
    values, unique = read_facts(pepper, facts, terms, actor)
    if not facts.namesake_checked:
        require_no_namesake(session, pepper, round.id, values, unique)
    values |= {"round_id": round.id, "added_at": now}
    new = session.scalars(insert_new(session, unique), [values]).one_or_none()
    elector = session.scalars(
        select(Elector).where(Elector.round_id == round.id, unique == values[unique.name])
    ).one()
    if new is None:
        _list_again(session, elector, values)
    act = "roll.enter" if new is not None else "roll.restore"
    place = {"kind": "elector", "id": elector.elector_id, "area_path": round.area.path}
    shown = facts.paper.value if facts.paper and not facts.number else ""
    record(session, actor, act, now=now, round_id=round.id, shown=shown, **place)
    return elector


def read_facts(
    pepper: RollKey, facts: PersonFacts, terms: Terms, actor: Actor
) -> tuple[dict[str, object], Column[bytes]]:
    """Return what is kept of a person, and the column that keeps them from being listed twice.

    Raises what is wrong with a field.
    """
    name = _field("name", lambda: read_name(facts.name))
    place = _field("place", lambda: read_place(facts.place, facts.basis))
    phone = _field("phone", lambda: read_phone(facts.phone))
    hashed = name_key(pepper, name)
    values: dict[str, object] = {
        "name_key": hashed,
        "name_masked": mask_name(name),
        "basis": BASIS_OF[facts.basis],
        "building": place[0],
        "room_sealed": seal_room(pepper, place[1]),
        "phone_sealed": seal_phone(pepper, phone),
    }
    if facts.number or facts.paper is None:
        return values | _by_number(pepper, facts, terms), ELECTOR.c.id_key
    if not any(place):
        raise PlaceMissing(field="place")
    age = _field("born", lambda: _age(facts.born, terms))
    known = {
        "person_key": person_key(pepper, hashed, place),
        "confirmed_by": actor.id,
        "id_kind": facts.paper.value,
        "id_masked": seen(facts.paper),
        "age_band": age_band(age).value,
    }
    return values | known, ELECTOR.c.person_key


def _by_number(pepper: RollKey, facts: PersonFacts, terms: Terms) -> dict[str, object]:
    identity = _field("number", lambda: read_identity(facts.number, today=terms.today))
    age = _field("number", lambda: age_of(identity, terms))
    return {
        "id_key": number_key(pepper, identity.number),
        "id_kind": identity.kind.value,
        "id_masked": identity.masked,
        "age_band": age_band(age).value,
    }


def _age(born: date | None, terms: Terms) -> int:
    if born is None or not EARLIEST_BIRTH <= born <= terms.today:
        raise WrongBirthDay
    return require_age(
        born,
        day=terms.reference_day,
        min_age=terms.min_age,
        birthday_counts=terms.birthday_counts,
        old_ages_checked=terms.old_ages_checked,
    )


def _field(name: str, reader: Callable[[], _Read]) -> _Read:
    try:
        return reader()
    except Refusal as refusal:
        refusal.field = name
        raise


def require_no_namesake(
    session: Session,
    pepper: RollKey,
    round_id: str,
    values: dict[str, object],
    unique: Column[bytes],
) -> None:
    """Raise MaybeListed when somebody else of this name lives at this door."""
    room = open_room(pepper, values["room_sealed"])  # type: ignore[arg-type]  # sealed just before
    if not room:
        return
    others = session.scalars(
        select(Elector).where(
            Elector.round_id == round_id,
            Elector.name_key == values["name_key"],
            Elector.building == values["building"],
            Elector.struck_at.is_(None),
        )
    )
    for other in others:
        is_same = getattr(other, unique.name) == values[unique.name]
        if not is_same and open_room(pepper, other.room_sealed) == room:
            raise MaybeListed(field="namesake_checked")


def _list_again(session: Session, elector: Elector, values: dict[str, object]) -> None:
    if elector.name_key != values["name_key"]:
        raise NameDiffers(field="name")
    changed = session.scalars(
        update(Elector)
        .where(
            Elector.round_id == elector.round_id,
            Elector.elector_id == elector.elector_id,
            Elector.struck_at.is_not(None),
        )
        .values(**values, struck_at=None, struck_reason=None)
        .returning(Elector.elector_id)
        .execution_options(synchronize_session=False)
    )
    if changed.one_or_none() is None:
        raise AlreadyListed
    session.refresh(elector)
