"""What was settled of a paper is taken back: one asks, another confirms, two key it anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperState, PaperVoid
from voting.paper.rules.serials import grouped, read_serial
from voting.paper.service.admitting import admit
from voting.paper.service.entering import SettledMeanwhile, forget_keyings
from voting.paper.service.keying import SECOND, NoSuchPaper, OnTable, SerialUnreadable, keyings_of
from voting.paper.service.noting import note_round
from voting.persistence.base import new_id
from voting.persistence.changing import changes_one
from voting.persistence.paging import one_page

_PAPER = cast("Table", PaperBallot.__table__)
_VOID = cast("Table", PaperVoid.__table__)


class KeyerConfirms(Refusal):
    """Two keyers differ: neither of them lets the other off the third officer's look."""

    msgid = "这张票的两遍有一遍是您录的。请没有录过这张票的另一位工作人员看过实物再确认。"


class NothingToCorrect(Refusal):
    """Nobody has keyed the paper."""

    msgid = "%(serial)s 号票还没有录过，没有可以更正的。"
    status = 422
    field = "serial"


class CorrectionWaits(Refusal):
    """Somebody has asked for it already."""

    msgid = "%(serial)s 号票已经有人提出更正，在等另一位工作人员确认。"
    status = 422
    field = "serial"


class SameCorrector(Refusal):
    """The second must be somebody else."""

    msgid = "这项更正是您提出的，请另一位工作人员看过票以后确认。"


class CorrectionSettled(Refusal):
    """Somebody has confirmed or withdrawn it meanwhile."""

    msgid = "这项更正刚刚已经确认或者撤回了。请刷新这一页。"


def ask_correction(
    session: Session, *, now: datetime, actor: Actor, round_id: str, serial: str, reason: str
) -> PaperVoid:
    """Ask that a paper be keyed anew; ``serial`` as it was scanned or typed.

    Raises what ``admit`` raises, SerialUnreadable, NoSuchPaper, NothingToCorrect or CorrectionWaits.
    """
    round = admit(session, now=now, actor=actor, round_id=round_id)
    number = read_serial(serial)
    if number is None:
        raise SerialUnreadable
    paper = _out_of_box(session, round_id, number)
    facts = {
        "id": new_id(), "round_id": round_id, "serial": number, "generation": paper.generation,
        "slot": paper.slot, "reason": reason, "first_by": actor.id, "first_at": now,
    }  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(insert(_VOID), facts)
    except IntegrityError as refused:
        raise CorrectionWaits(serial=grouped(number)) from refused
    note_round(
        session, actor, "paper.ask_correction", now=now, round=round, paper_serial=grouped(number)
    )
    return session.get_one(PaperVoid, facts["id"])


def _out_of_box(session: Session, round_id: str, serial: str) -> PaperBallot:
    paper = session.get(PaperBallot, (round_id, serial), populate_existing=True)
    if paper is None:
        raise NoSuchPaper(serial=grouped(serial))
    if paper.state not in {PaperState.ENTERED, PaperState.INVALID, PaperState.RETURNED}:
        raise NothingToCorrect(serial=grouped(serial))
    return paper


def confirm_correction(
    session: Session, *, now: datetime, actor: Actor, round_id: str, void_id: str
) -> PaperVoid:
    """Take back what was settled: the paper is keyed anew by two.

    Raises what ``admit`` raises, NotFound, SameCorrector, CorrectionSettled, or SettledMeanwhile where the
    paper is not any more what the first officer saw.
    """
    round = admit(session, now=now, actor=actor, round_id=round_id)
    keyers = _keyers(session, round_id, void_id)
    if len(keyers) == SECOND and actor.id in keyers:
        raise KeyerConfirms
    is_done = changes_one(session, confirmation(round_id, void_id, actor, now))
    void = session.get(PaperVoid, void_id, populate_existing=True)
    if void is None or void.round_id != round_id:
        raise NotFound
    if not is_done:
        is_own = void.second_by is None and void.first_by == actor.id
        raise SameCorrector if is_own else CorrectionSettled
    _take_back(session, void, was_keyed_twice=len(keyers) == SECOND)
    note_round(
        session,
        actor,
        "paper.confirm_correction",
        now=now,
        round=round,
        paper_serial=grouped(void.serial),
    )
    return void


def confirmation(round_id: str, void_id: str, actor: Actor, now: datetime) -> Any:
    """Return the update that makes somebody the second officer: nobody stands there, and not the first."""
    return (
        update(_VOID)
        .where(*_waiting(round_id, void_id), _VOID.c.first_by != actor.id)
        .values(second_by=actor.id, second_at=now)
    )


def _keyers(session: Session, round_id: str, void_id: str) -> set[str]:
    """Return who keyed the paper of a correction, if it is not settled."""
    void = session.get(PaperVoid, void_id)
    if void is None or void.round_id != round_id:
        raise NotFound
    paper = session.get_one(PaperBallot, (round_id, void.serial), populate_existing=True)
    if paper.state != PaperState.RETURNED or paper.generation != void.generation:
        return set()
    return {one.by for one in keyings_of(session, OnTable(round_id, void.serial, void.generation))}


def _take_back(session: Session, void: PaperVoid, *, was_keyed_twice: bool) -> None:
    """Put a paper back on the table; a ballot it has stays in the urn and is left out of the count.

    One that two have not keyed is as if it had never been scanned: perhaps it never lay in a box.
    """
    settled = (
        (_PAPER.c.state == PaperState.ENTERED.value) & (_PAPER.c.slot == void.slot)
        if void.slot is not None
        else _PAPER.c.state.in_([PaperState.INVALID.value, PaperState.RETURNED.value])
    )
    is_out = _PAPER.c.state == PaperState.RETURNED.value
    after = case((is_out, PaperState.PRINTED.value), else_=PaperState.RETURNED.value)
    back = (
        update(_PAPER)
        .where(
            _PAPER.c.round_id == void.round_id,
            _PAPER.c.serial == void.serial,
            _PAPER.c.generation == void.generation,
            settled,
        )
        .values(
            state=PaperState.RETURNED.value if was_keyed_twice else after,
            slot=None,
            reason=None,
            generation=_PAPER.c.generation + 1,
        )
    )
    if not changes_one(session, back):
        raise SettledMeanwhile
    forget_keyings(session, void.round_id, void.serial, void.generation)


def drop_correction(
    session: Session, *, now: datetime, actor: Actor, round_id: str, void_id: str
) -> None:
    """Take back a correction that nobody has confirmed; raise CorrectionSettled or what ``admit`` raises."""
    round = admit(session, now=now, actor=actor, round_id=round_id)
    gone = delete(_VOID).where(*_waiting(round_id, void_id)).returning(_VOID.c.serial)
    serial = session.execute(gone).scalar_one_or_none()
    if serial is None:
        raise CorrectionSettled
    note_round(
        session, actor, "paper.drop_correction", now=now, round=round, paper_serial=grouped(serial)
    )


def corrections_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[PaperVoid], int]:
    """Return one page of the corrections of a round, those that wait first, and the number of pages."""
    mine = PaperVoid.round_id == round_id
    ordered = (
        select(PaperVoid)
        .where(mine)
        .order_by(PaperVoid.second_at.is_not(None), PaperVoid.first_at.desc(), PaperVoid.id)
    )
    rows, pages, *_ = one_page(session, ordered, page)
    return [row.PaperVoid for row in rows], pages


def voided_slots(session: Session, round_id: str) -> frozenset[bytes]:
    """Return where the ballots lie that two have taken back: the count leaves them out."""
    mine = select(PaperVoid.slot).where(
        PaperVoid.round_id == round_id,
        PaperVoid.second_by.is_not(None),
        PaperVoid.slot.is_not(None),
    )
    return frozenset(slot for slot in session.scalars(mine) if slot is not None)


def _waiting(round_id: str, void_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _VOID.c.round_id == round_id,
        _VOID.c.id == void_id,
        _VOID.c.second_by.is_(None),
    )
