"""Lines of a second file that somebody chose: carried out alone before the freezing, asked for after it."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.jobs import Job
from voting.roll.models import Elector, Participation, RollUpload
from voting.roll.service.asking import RightUsed, new_change, new_elector_id, put_change
from voting.roll.service.correcting import AlreadyStruck
from voting.roll.service.differing import (
    Difference,
    difference_page,
    pages_of,
    put_page,
    totals_of,
    values_in,
    with_outcomes,
)
from voting.roll.service.entering import AlreadyListed
from voting.roll.service.inserting import ELECTOR, insert_new
from voting.roll.service.living import hold_changeable
from voting.roll.service.secrecy import RollKey, roll_key
from voting.roll.service.shelf import Shelf
from voting.roll.service.uploads import UploadGone, move
from voting.rounds.models import Round

TAKE_OVER = "roll.take_over"
DONE, ASKED = "done", "asked"
_ORDER = "order"
_ACTS = {"new": "add", "changed": "correct", "missing": "strike"}


@dataclass(frozen=True)
class TakenOver:
    """How many lines were carried out or asked for, and how many could not be."""

    done: int
    refused: int
    is_asked: bool


@dataclass(frozen=True)
class _Taking:
    now: datetime
    actor: Actor
    pepper: RollKey
    round: Round
    reason: str


def take_over(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    shelf: Shelf,
    upload: RollUpload,
    kind: str,
    page: int,
    chosen: Collection[str] | None,
    reason: str,
) -> TakenOver:
    """Take over the chosen lines of a page, or all that are left; what cannot be is said beside its line.

    Raise NotFound, RollClosed, RoundOver or UploadGone.
    """
    round = hold_changeable(session, upload.round_id, actor, now)
    found = difference_page(shelf, upload, kind, page)
    if found is None:
        raise UploadGone
    taking = _Taking(now, actor, roll_key(keys, round), round, reason)
    is_asked = round.frozen_at is not None
    carry_out = _ask if is_asked else _CARRY_OUT[kind]
    outcomes: dict[str, str] = {}
    for line in found.lines:
        if line.outcome in {DONE, ASKED} or (chosen is not None and line.key not in chosen):
            continue
        try:
            with session.begin_nested():
                carry_out(session, taking, kind, line)
        except Refusal as refusal:
            outcomes[line.key] = refusal.msgid
        else:
            outcomes[line.key] = ASKED if is_asked else DONE
    done = sum(outcome in {DONE, ASKED} for outcome in outcomes.values())
    if done:
        _note(session, taking, upload, kind, done, is_asked=is_asked)
    put_page(shelf, upload, kind, found.page, with_outcomes(found.lines, outcomes))
    return TakenOver(done, len(outcomes) - done, is_asked)


def order_taking_over(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    shelf: Shelf,
    upload: RollUpload,
    kind: str,
    reason: str,
) -> Job:
    """Order that a whole list be taken over; raise RollClosed, UploadBusy or UploadGone."""
    hold_changeable(session, upload.round_id, actor, now)
    totals = totals_of(shelf, upload)
    if totals is None:
        raise UploadGone
    move(session, upload, "reading")
    order = json.dumps({"kind": kind, "reason": reason})
    shelf.put(upload.round_id, upload.id, order.encode(), part=_ORDER)
    job = Job(
        kind=TAKE_OVER,
        subject_id=upload.id,
        officer_id=actor.id,
        total=pages_of(totals[kind]),
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def order_of(shelf: Shelf, upload: RollUpload) -> tuple[str, str, int]:
    """Return which list is to be taken over, why, and how many pages it has; raise UploadGone."""
    text = shelf.get(upload.round_id, upload.id, part=_ORDER)
    totals = totals_of(shelf, upload)
    if text is None or totals is None:
        raise UploadGone
    order: Mapping[str, str] = json.loads(text)
    return order["kind"], order["reason"], pages_of(totals[order["kind"]])


def _ask(session: Session, taking: _Taking, kind: str, line: Difference) -> None:
    values = values_in(line)
    elector_id = line.key
    if kind == "new":
        elector_id = new_elector_id(taking.pepper, taking.round.id, values["id_key"])
    if kind == "new" and _is_listed(session, taking, values):
        raise AlreadyListed
    used = session.get(Participation, (taking.round.id, elector_id))
    if kind == "missing" and used is not None:
        raise RightUsed
    change = new_change(_ACTS[kind], taking.round, elector_id, line.name, taking.reason)
    put_change(session, taking.now, taking.actor, taking.pepper, change, values or None)


def _is_listed(session: Session, taking: _Taking, values: Mapping[str, object]) -> bool:
    known = select(Elector.elector_id).where(
        Elector.round_id == taking.round.id, Elector.id_key == values["id_key"]
    )
    return session.scalar(known) is not None


def _list(session: Session, taking: _Taking, _kind: str, line: Difference) -> None:
    row = values_in(line) | {"round_id": taking.round.id, "added_at": taking.now}
    if session.scalars(insert_new(session, ELECTOR.c.id_key), [row]).one_or_none() is None:
        raise AlreadyListed


def _correct(session: Session, taking: _Taking, _kind: str, line: Difference) -> None:
    _set(session, taking, line, values_in(line))


def _strike(session: Session, taking: _Taking, _kind: str, line: Difference) -> None:
    values = {"struck_at": taking.now, "struck_reason": taking.reason}
    _set(session, taking, line, values)


def _set(session: Session, taking: _Taking, line: Difference, values: Mapping[str, object]) -> None:
    changed = session.scalars(
        update(Elector)
        .where(
            Elector.round_id == taking.round.id,
            Elector.elector_id == line.key,
            Elector.struck_at.is_(None),
        )
        .values(**values)
        .returning(Elector.elector_id)
        .execution_options(synchronize_session=False)
    )
    if changed.one_or_none() is None:
        raise AlreadyStruck


def _note(
    session: Session,
    taking: _Taking,
    upload: RollUpload,
    kind: str,
    count: int,
    *,
    is_asked: bool,
) -> None:
    place = {"kind": "roll_upload", "id": upload.id, "area_path": taking.round.area.path}
    record(
        session,
        taking.actor,
        "roll.ask_change" if is_asked else "roll.take_over",
        now=taking.now,
        round_id=taking.round.id,
        way=_ACTS[kind],
        count=count,
        **place,
    )


_Carry = Callable[[Session, _Taking, str, Difference], None]
_CARRY_OUT: dict[str, _Carry] = {"new": _list, "changed": _correct, "missing": _strike}
