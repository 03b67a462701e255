"""What is known of the custody of a round's key."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from voting.custody.models import HeldSheet, KeyDestruction, UrnKey
from voting.custody.rules import Standing
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import SealWay
from voting.rounds.service import hold_round


def find_key(session: Session, round_id: str) -> UrnKey | None:
    """Return what is known of a round's key, or None before it was made."""
    return session.get(UrnKey, round_id, populate_existing=True)


def sheets_in_use(session: Session, round_id: str) -> list[HeldSheet]:
    """Return the three sheets of the set in use, or none."""
    query = (
        select(HeldSheet)
        .join(UrnKey, UrnKey.round_id == HeldSheet.round_id)
        .where(UrnKey.round_id == round_id, HeldSheet.set_no == UrnKey.set_no)
    )
    fresh = query.order_by(HeldSheet.number).execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def sheet_of(session: Session, person: Appointment) -> HeldSheet | None:
    """Return the sheet of the set in use that an appointed person holds, or None.

    Who lost a slip and got a new one is appointed anew and still holds the sheet.
    """
    ids, earlier = [person.id], person.replaces_id
    while earlier:
        before = session.get_one(Appointment, earlier)
        if before.person_key != person.person_key:
            break
        ids.append(before.id)
        earlier = before.replaces_id
    query = (
        select(HeldSheet)
        .join(UrnKey, UrnKey.round_id == HeldSheet.round_id)
        .where(HeldSheet.appointment_id.in_(ids), HeldSheet.set_no == UrnKey.set_no)
    )
    return session.scalars(query.limit(1)).one_or_none()


def standing_of(session: Session, round: Round) -> Standing:
    """Return where the custody of a round's key stands."""
    key = find_key(session, round.id)
    way, is_real = SealWay(round.seal_way), round.kind == "real"
    destruction = session.get(KeyDestruction, round.id, populate_existing=True)
    destroyed = destruction is not None and destruction.second_officer is not None
    # A plan whose way was changed after its key was made has no key yet.
    if key is None or key.way != way:
        return Standing(way, is_real=is_real, is_destroyed=destroyed)
    sheets = sheets_in_use(session, round.id)
    return Standing(
        way,
        is_real=is_real,
        is_made=True,
        is_forgotten=key.forgotten_at is not None,
        is_proven=key.proven_at is not None,
        is_destroyed=destroyed,
        set_no=key.set_no,
        lost=sum(1 for sheet in sheets if sheet.lost_on is not None),
    )


def has_passed(public: bytes) -> ColumnElement[bool]:
    """Return the condition that a row of ``round`` may be frozen with this public key.

    It is part of the statement that freezes: a key that somebody makes anew, or un-proves, in the same
    moment is decided on by the database and not by what was read before.
    """
    proven = exists().where(
        UrnKey.round_id == Round.id,
        UrnKey.way == Round.seal_way,
        UrnKey.public_key == public,
        UrnKey.proven_at.is_not(None),
        or_(UrnKey.way == SealWay.SERVER.value, UrnKey.forgotten_at.is_not(None)),
    )
    is_exempt = (Round.kind != "real") & (Round.seal_way == SealWay.SERVER.value)
    return or_(proven, is_exempt)


def held_round(session: Session, actor: Actor, round_id: str) -> Round:
    """Return a round of the actor's area, held until the end of this act; raise NotFound."""
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path) or round.kind == "loaded":
        raise NotFound
    return round


def note(session: Session, actor: Actor, act: str, now: Any, round: Round, **details: Any) -> None:
    """Write an act of custody into the journal."""
    record(
        session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path, **details
    )  # fmt: skip
