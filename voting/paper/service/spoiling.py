"""Papers that were spoiled before anybody got them: misprinted or damaged, by serial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperState
from voting.paper.rules.serials import grouped, read_serial
from voting.paper.service.admitting import PaperReconciled, is_reconciled
from voting.paper.service.keying import NoSuchPaper, SerialUnreadable
from voting.paper.service.noting import note_round
from voting.persistence.changing import changes_one
from voting.persistence.paging import one_page
from voting.rounds.models import Round
from voting.rounds.service import steady_round

SPOILED: Mapping[str, str] = {"misprint": "没印好", "damaged": "损坏"}
REASON_NAMES: Mapping[str, str] = {**SPOILED, "exchanged": "换票收回"}
_PAPER = cast("Table", PaperBallot.__table__)


class NotSpoilable(Refusal):
    """It is spoiled already, or came out of a box."""

    msgid = "%(serial)s 号票已经登记过（作废，或者从票箱里收回），不能再登记作废。"
    status = 422
    field = "serial"


class NothingSpoiled(Refusal):
    """The paper is not among those spoiled before they were handed out."""

    msgid = "%(serial)s 号票不在“没印好、损坏”里，没有可以撤销的。"


@dataclass(frozen=True)
class SpoiledPaper:
    """A spoiled paper as the list shows it."""

    serial: str
    batch: int
    bundle: int
    reason: str


def spoil(
    session: Session, *, now: datetime, actor: Actor, round: Round, serial: str, reason: str
) -> None:
    """Take a printed paper out of use; ``serial`` as it was scanned or typed, ``reason`` of SPOILED.

    Raises SerialUnreadable, NoSuchPaper, NotSpoilable or PaperReconciled.
    """
    number = _read(session, round, serial)
    if not _moves(session, round, number, before="printed", after="spoiled", reason=reason):
        raise NotSpoilable(serial=grouped(number))
    _note(session, now, actor, round, "paper.spoil", number, reason=reason)


def unspoil(session: Session, *, now: datetime, actor: Actor, round: Round, serial: str) -> None:
    """Put a paper back that was taken for spoiled; raise what ``spoil`` raises, or NothingSpoiled."""
    number = _read(session, round, serial)
    if not _moves(session, round, number, before="spoiled", after="printed", reason=None):
        raise NothingSpoiled(serial=grouped(number))
    _note(session, now, actor, round, "paper.unspoil", number)


def spoiled_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[SpoiledPaper], int]:
    """Return one page of the spoiled papers of a round, and the number of pages."""
    ordered = (
        select(PaperBallot.serial, PaperBatch.number, PaperBallot.bundle, PaperBallot.reason)
        .join(PaperBatch, PaperBatch.id == PaperBallot.batch_id)
        .where(
            PaperBallot.round_id == round_id, PaperBallot.state == PaperState.SPOILED.value
        )
        .order_by(PaperBatch.number, PaperBallot.bundle, PaperBallot.serial)
    )  # fmt: skip
    rows, pages, *_ = one_page(session, ordered, page)
    return [
        SpoiledPaper(serial, batch, bundle, reason or "") for serial, batch, bundle, reason in rows
    ], pages


def _read(session: Session, round: Round, typed: str) -> str:
    serial = read_serial(typed)
    if serial is None:
        raise SerialUnreadable
    if session.get(PaperBallot, (round.id, serial)) is None:
        raise NoSuchPaper(serial=grouped(serial))
    steady_round(session, round.id)
    if is_reconciled(session, round.id):
        raise PaperReconciled
    return serial


def _moves(
    session: Session, round: Round, serial: str, *, before: str, after: str, reason: str | None
) -> bool:
    move = update(_PAPER).where(
        _PAPER.c.round_id == round.id, _PAPER.c.serial == serial, _PAPER.c.state == before
    )
    if before == PaperState.SPOILED:
        move = move.where(_PAPER.c.reason.in_(SPOILED))
    return changes_one(session, move.values(state=after, reason=reason))


def _note(
    session: Session,
    now: datetime,
    actor: Actor,
    round: Round,
    act: str,
    serial: str,
    **details: str,
) -> None:
    note_round(session, actor, act, now=now, round=round, paper_serial=grouped(serial), **details)
