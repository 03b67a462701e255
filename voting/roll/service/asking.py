"""One officer asks for a change of a frozen roll; nothing of the roll changes yet."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, lock_field, unlock_field
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.base import new_id
from voting.roll.models import Elector, Participation, RollChange
from voting.roll.service.comparing import NameDiffers
from voting.roll.service.correcting import AlreadyStruck, NotStruck, get_elector, read_correction
from voting.roll.service.entering import (
    AlreadyListed,
    PersonFacts,
    read_facts,
    require_no_namesake,
)
from voting.roll.service.importing import terms_of
from voting.roll.service.living import hold_living
from voting.roll.service.secrecy import RollKey, roll_key
from voting.rounds.models import Round

Values = Mapping[str, object]
_ID_BYTES = 16


class ChangeWaiting(Refusal):
    """Of one person one change waits at a time."""

    msgid = "这位居民已经有一项更改在等另一位工作人员确认。请先办完那一项。"


class RightUsed(Refusal):
    """Who has taken or cast a ballot stays on the roll."""

    msgid = "这位居民已经领过票或投过票，不能除名。有疑问的，请记下来报街道办事处。"


def ask_add(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    facts: PersonFacts,
    reason: str,
    application_id: str | None = None,
) -> RollChange:
    """Ask that somebody be listed, or listed again; raise what ``enter_person`` raises, and ChangeWaiting.

    RollNotFrozen or RollClosed say that the roll is changed otherwise, or not at all.
    """
    round = hold_living(session, round_id, actor, now)
    pepper = roll_key(keys, round)
    terms = terms_of(round, now, old_ages_checked=facts.old_age_checked)
    values, unique = read_facts(pepper, facts, terms, actor)
    if not facts.namesake_checked:
        require_no_namesake(session, pepper, round.id, values, unique)
    known = session.scalars(
        select(Elector).where(Elector.round_id == round.id, unique == values[unique.name])
    ).one_or_none()
    if known is not None and known.name_key != values["name_key"]:
        raise NameDiffers(field="name")
    if known is not None and known.struck_at is None:
        raise AlreadyListed
    change = new_change(
        "restore" if known else "add",
        round,
        known.elector_id if known else new_elector_id(pepper, round.id, values[unique.name]),
        str(values["name_masked"]),
        reason,
    )
    change.application_id = application_id
    return _ask(session, now, actor, pepper, round, change, values)


def ask_strike(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str, reason: str
) -> RollChange:
    """Ask that somebody be struck; raise AlreadyStruck, RightUsed or ChangeWaiting."""
    round = hold_living(session, round_id, actor, now)
    elector = get_elector(session, round.id, elector_id)
    if elector.struck_at is not None:
        raise AlreadyStruck
    # Said early, to spare the second officer; the database decides when the change is made.
    if session.get(Participation, (round.id, elector.elector_id)) is not None:
        raise RightUsed
    change = new_change("strike", round, elector.elector_id, elector.name_masked, reason)
    return _ask(session, now, actor, None, round, change, None)


def ask_restore(
    session: Session, *, now: datetime, actor: Actor, round_id: str, elector_id: str, reason: str
) -> RollChange:
    """Ask that somebody who was struck be listed again; raise NotStruck or ChangeWaiting."""
    round = hold_living(session, round_id, actor, now)
    elector = get_elector(session, round.id, elector_id)
    if elector.struck_at is None:
        raise NotStruck
    change = new_change("restore", round, elector.elector_id, elector.name_masked, reason)
    return _ask(session, now, actor, None, round, change, None)


def ask_correct(
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
    reason: str,
) -> RollChange:
    """Ask that basis, place and telephone be set down anew; raise as ``correct`` does, or ChangeWaiting."""
    round = hold_living(session, round_id, actor, now)
    pepper = roll_key(keys, round)
    elector = get_elector(session, round.id, elector_id)
    if elector.struck_at is not None:
        raise AlreadyStruck
    values = read_correction(session, pepper, elector, basis=basis, place=place, phone=phone)
    change = new_change("correct", round, elector.elector_id, elector.name_masked, reason)
    return _ask(session, now, actor, pepper, round, change, values)


def new_elector_id(pepper: RollKey, round_id: str, key: object) -> str:
    """Return the id of somebody who shall be listed: asked for twice, one change waits."""
    assert isinstance(key, bytes)  # noqa: S101 -- a unique key of the roll
    raw = keyed_hash(pepper, "elector id", round_id, key)[:_ID_BYTES]
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def new_change(act: str, round: Round, elector_id: str, name: str, reason: str) -> RollChange:
    """Return a change that waits, without who asks for it."""
    return RollChange(
        id=new_id(),
        round_id=round.id,
        act=act,
        elector_id=elector_id,
        name_masked=name,
        reason=reason,
        state="waiting",
    )


def _ask(
    session: Session,
    now: datetime,
    actor: Actor,
    pepper: RollKey | None,
    round: Round,
    change: RollChange,
    values: Values | None,
) -> RollChange:
    put_change(session, now, actor, pepper, change, values)
    note_change(session, now, actor, "roll.ask_change", round, change)
    return change


def put_change(
    session: Session,
    now: datetime,
    actor: Actor,
    pepper: RollKey | None,
    change: RollChange,
    values: Values | None,
) -> None:
    """Store a change that waits; raise ChangeWaiting. The unique key decides, not a look beforehand."""
    change.first_by, change.first_at = actor.id, now
    if pepper is not None and values is not None:
        change.sealed = lock_field(pepper, _purpose(change), dump_values(values))
    try:
        with session.begin_nested():
            session.add(change)
    except IntegrityError as waiting:
        raise ChangeWaiting from waiting


def values_of(pepper: RollKey, change: RollChange) -> dict[str, object]:
    """Return what a waiting change is to set down; empty where it sets down nothing."""
    if change.sealed is None:
        return {}
    return load_values(unlock_field(pepper, _purpose(change), change.sealed))


def dump_values(values: Values) -> str:
    """Return columns of the roll as text."""
    plain = {
        name: {"hex": value.hex()} if isinstance(value, bytes) else value
        for name, value in values.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def load_values(text: str) -> dict[str, object]:
    """Return what ``dump_values`` wrote."""
    return {
        name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
        for name, value in json.loads(text).items()
    }


def note_change(
    session: Session, now: datetime, actor: Actor, act: str, round: Round, change: RollChange
) -> None:
    """Write down what an officer did about a change."""
    place = {"kind": "roll_change", "id": change.id, "area_path": round.area.path}
    record(session, actor, act, now=now, round_id=round.id, way=change.act, **place)


def get_change(session: Session, round_id: str, change_id: str) -> RollChange:
    """Return a change of a round's roll; raise NotFound."""
    found = session.get(RollChange, change_id) if change_id.isalnum() else None
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def _purpose(change: RollChange) -> str:
    return f"roll change {change.id}"
