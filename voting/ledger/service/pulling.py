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
    act_body,
    ballot_body,
    batch_body,
    roll_change_body,
    withdrawn_body,
)
from voting.proposals.models import Candidate
from voting.roll.models import RollChange
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase

_URN = cast("Table", UrnEntry.__table__)
_AT_ONCE = 5000
# While these last, another voter may come; afterwards the last few ballots go in too.
_TAKING = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.PAUSED})
AFTER_BALLOTS = "tally"


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
        *_steps(session, round),
        *_withdrawn(session, round),
        *_roll_changes(session, round),
        *_notes(session, round),
    ]
    # Who withdrew at the moment of a count takes no part in it: the count comes last of its moment.
    return sorted(found, key=lambda one: (one.at, one.kind == AFTER_BALLOTS, one.source))


def takes_ballots(session: Session, round: Round) -> bool:
    """Tell whether the waiting ballots go in now: enough of them, or nobody can follow."""
    waiting = select(func.count()).where(_URN.c.round_id == round.id, _URN.c.batch_no.is_(None))
    number = session.scalar(waiting) or 0
    return number >= LEAST_TOGETHER or (number > 0 and Phase(round.phase) not in _TAKING)


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
