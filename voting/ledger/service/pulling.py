"""What waits to be appended: read from the rows of the stages before, never pushed by them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, exists, func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard, CardBatch
from voting.ledger.models import LedgerEntry, LedgerNote
from voting.ledger.rules.entries import (
    ACTS,
    LEAST_TOGETHER,
    PaperSums,
    act_body,
    ballot_body,
    batch_body,
    paper_body,
    reconciliation_body,
    roll_change_body,
    void_body,
    withdrawn_body,
)
from voting.paper.models import PaperBallot, PaperBatch, PaperVoid, Reconciliation
from voting.paper.rules.sheet import Sheet
from voting.paper.rules.sheet_text import read_sheet
from voting.proposals.models import Candidate
from voting.roll.models import RollChange
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase

_URN = cast("Table", UrnEntry.__table__)
_AT_ONCE = 5000
# While these last, another voter may come; afterwards the last few ballots go in too.
_TAKING = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.PAUSED})
# No ballot that was cast before comes after these.
AFTER_BALLOTS = ("reconciliation", "tally")


@dataclass(frozen=True)
class Waiting:
    """Something that is no ballot: when it happened, what made it, its kind and body."""

    at: datetime
    source: str
    kind: str
    body: str


@dataclass(frozen=True)
class WaitingBallot:
    """A sealed ballot that no checkpoint covers yet."""

    slot: bytes
    body: str


def waiting_facts(session: Session, round: Round) -> list[Waiting]:
    """Return everything but ballots, as it happened."""
    found = [
        *_batches(session, round),
        *_paper_batches(session, round),
        *_steps(session, round),
        *_withdrawn(session, round),
        *_voids(session, round),
        *_reconciliation(session, round),
        *_roll_changes(session, round),
        *_notes(session, round),
    ]
    return sorted(found, key=_order)


def _order(one: Waiting) -> tuple[datetime, int, str]:
    # Who withdrew at the moment of a count takes no part in it: the count comes last of its moment.
    place = AFTER_BALLOTS.index(one.kind) + 1 if one.kind in AFTER_BALLOTS else 0
    return one.at, place, one.source


def takes_ballots(session: Session, round: Round) -> bool:
    """Tell whether the waiting ballots go in now: enough of them, or nobody can follow."""
    number = _waiting(session, round.id)
    return number >= LEAST_TOGETHER or (number > 0 and Phase(round.phase) not in _TAKING)


def _waiting(session: Session, round_id: str) -> int:
    waiting = select(func.count()).where(_URN.c.round_id == round_id, _URN.c.batch_no.is_(None))
    return session.scalar(waiting) or 0


def waiting_ballots(session: Session, round_id: str) -> Iterator[list[WaitingBallot]]:
    """Yield the waiting ballots sorted by slot, a few thousand at a time."""
    columns = select(_URN.c.slot, _URN.c.sealed, _URN.c.leaf).where(
        _URN.c.round_id == round_id, _URN.c.batch_no.is_(None)
    )
    after = b""
    while True:
        rows = session.execute(
            columns.where(_URN.c.slot > after).order_by(_URN.c.slot).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield [WaitingBallot(row.slot, _ballot(row.slot, row.leaf, row.sealed)) for row in rows]
        after = rows[-1].slot


def _ballot(slot: bytes, leaf: bytes, sealed: bytes) -> str:
    return ballot_body(slot=slot, commitment=leaf, sealed_digest=hashlib.sha256(sealed).digest())


def _batches(session: Session, round: Round) -> Iterator[Waiting]:
    unmarked = select(CardBatch).where(
        CardBatch.round_id == round.id, CardBatch.kind == "vote", CardBatch.ledger_idx.is_(None)
    )
    for batch in session.scalars(unmarked.order_by(CardBatch.number)).all():
        mine = select(BallotCard.cred_hash).where(
            BallotCard.round_id == round.id, BallotCard.batch_id == batch.id
        )
        hashes = session.scalars(mine).all()
        body = batch_body(batch_id=batch.id, number=batch.number, cred_hashes=hashes)
        yield Waiting(batch.made_at, f"batch:{batch.id}", "batch", body)


def _paper_batches(session: Session, round: Round) -> Iterator[Waiting]:
    # One that was voided before anybody could hand it out never existed for the ledger.
    unmarked = select(PaperBatch).where(
        PaperBatch.round_id == round.id, PaperBatch.ledger_idx.is_(None), PaperBatch.state != "void"
    )
    for batch in session.scalars(unmarked.order_by(PaperBatch.number)).all():
        mine = select(PaperBallot.serial).where(
            PaperBallot.round_id == round.id, PaperBallot.batch_id == batch.id
        )
        body = paper_body(
            batch_id=batch.id, number=batch.number, versions=batch.versions,
            serials=session.scalars(mine).all(),
        )  # fmt: skip
        yield Waiting(batch.made_at, f"paper:{batch.id}", "paper", body)


def _steps(session: Session, round: Round) -> Iterator[Waiting]:
    taken = exists().where(
        LedgerEntry.round_id == round.id, LedgerEntry.source == "step:" + PhaseChange.id
    )
    steps = select(PhaseChange.id, PhaseChange.act, PhaseChange.at).where(
        PhaseChange.round_id == round.id, PhaseChange.at >= round.frozen_at,
        PhaseChange.act.in_(ACTS), ~taken,
    )  # fmt: skip
    for step in session.execute(steps).all():
        body = act_body(act=step.act, at=step.at, closes_at=round.closing)
        yield Waiting(step.at, f"step:{step.id}", "act", body)


def _withdrawn(session: Session, round: Round) -> Iterator[Waiting]:
    taken = exists().where(
        LedgerEntry.round_id == round.id, LedgerEntry.source == "withdrawn:" + Candidate.id
    )
    gone = select(Candidate.id, Candidate.ballot_number, Candidate.withdrawn_at).where(
        Candidate.round_id == round.id, Candidate.ballot_number.is_not(None),
        Candidate.withdrawn_at.is_not(None), ~taken,
    )  # fmt: skip
    for one in session.execute(gone).all():
        body = withdrawn_body(number=one.ballot_number, at=one.withdrawn_at)
        yield Waiting(one.withdrawn_at, f"withdrawn:{one.id}", "withdrawn", body)


def _voids(session: Session, round: Round) -> Iterator[Waiting]:
    taken = exists().where(
        LedgerEntry.round_id == round.id, LedgerEntry.source == "void:" + PaperVoid.id
    )
    # What a void names stands before it: it waits for its ballot.
    covered = exists().where(
        _URN.c.round_id == PaperVoid.round_id, _URN.c.slot == PaperVoid.slot,
        _URN.c.batch_no.is_not(None),
    )  # fmt: skip
    voids = select(PaperVoid.id, PaperVoid.slot, PaperVoid.second_at).where(
        PaperVoid.round_id == round.id, PaperVoid.second_at.is_not(None), ~taken, covered
    )
    for one in session.execute(voids).all():
        body = void_body(slot=one.slot, at=one.second_at)
        yield Waiting(one.second_at, f"void:{one.id}", "void", body)


def _reconciliation(session: Session, round: Round) -> Iterator[Waiting]:
    if _waiting(session, round.id):
        return  # Voids that were confirmed before wait for their ballots, and come before the sheet.
    source = f"reconciliation:{round.id}"
    taken = exists().where(LedgerEntry.round_id == round.id, LedgerEntry.source == source)
    signed = select(Reconciliation).where(
        Reconciliation.round_id == round.id, Reconciliation.second_at.is_not(None), ~taken
    )
    for one in session.scalars(signed).all():
        if one.second_at is not None:
            sums = _sums(read_sheet(one.sheet))
            body = reconciliation_body(at=one.second_at, outcome=one.outcome, sums=sums)
            yield Waiting(one.second_at, source, "reconciliation", body)


def _sums(sheet: Sheet) -> PaperSums:
    return PaperSums(
        issued=sheet.issued,
        returned=sheet.total("back"),
        entered=sheet.total("entered"),
        invalid=sheet.total("invalid"),
        spoiled=sheet.total("spoiled") + sheet.total("exchanged") + sheet.round.void_papers,
        unused=sheet.total("unused"),
        outstanding=sheet.total("outstanding"),
        foreign=sheet.round.foreign,
    )


def _roll_changes(session: Session, round: Round) -> Iterator[Waiting]:
    taken = exists().where(
        LedgerEntry.round_id == round.id, LedgerEntry.source == "roll_change:" + RollChange.id
    )
    made = select(RollChange).where(
        RollChange.round_id == round.id, RollChange.state == "done", ~taken
    )
    # No two of a round have one moment, so they stand in the order in which the roll changed.
    for one in session.scalars(made.order_by(RollChange.second_at)).all():
        yield Waiting(
            one.second_at or one.first_at, f"roll_change:{one.id}", "roll_change", change_body(one)
        )


def change_body(change: RollChange) -> str:
    """Return the entry of a change that two officers made."""
    at, count, digest = change.second_at, change.count, change.digest
    assert at is not None and count is not None and digest is not None  # noqa: S101, PT018 -- the table's own checks
    return roll_change_body(act=change.act, at=at, count=count, digest=digest)


def _notes(session: Session, round: Round) -> Iterator[Waiting]:
    taken = exists().where(
        LedgerEntry.round_id == round.id, LedgerEntry.source == "note:" + LedgerNote.id
    )
    notes = select(LedgerNote).where(LedgerNote.round_id == round.id, ~taken)
    for note in session.scalars(notes).all():
        yield Waiting(note.at, f"note:{note.id}", note.kind, note.body)
