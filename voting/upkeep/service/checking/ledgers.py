"""Every body, leaf, root and signature of a round's ledger, and what its entries were made of."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.adapters.signing import is_signed
from voting.cards.models import BallotCard, CardBatch
from voting.clock import moment_text
from voting.ledger.models import Checkpoint, Ledger, LedgerEntry, LedgerNote
from voting.ledger.rules.entries import (
    act_body,
    batch_body,
    paper_body,
    roll_body,
    rules_body,
    withdrawn_body,
)
from voting.ledger.rules.notes import NotANote, read_note, signed_note, verifier_key
from voting.ledger.rules.tree import Frontier, leaf_hash
from voting.ledger.service.pulling import change_body
from voting.paper.models import PaperBallot, PaperBatch
from voting.proposals.models import Candidate
from voting.roll.models import RollChange
from voting.rounds.models import PhaseChange, Round
from voting.upkeep.rules.findings import Finding, found

_AT_ONCE = 5000


def check_ledger(session: Session, round: Round) -> Iterator[Finding]:
    """Find what does not give what was signed; a loaded election may have no ledger."""
    ledger = session.get(Ledger, round.id)
    if ledger is None:
        # The announcement signs the first checkpoint; an election of elsewhere waits until somebody asks.
        if round.kind != "loaded":
            yield found("ledger_missing", round.id)
        return
    heads = list(
        session.scalars(
            select(Checkpoint).where(Checkpoint.round_id == round.id).order_by(Checkpoint.size)
        )
    )
    if not heads or heads[0].at != ledger.begun_at:
        yield found("ledger_name", round.id)
    yield from _entries(session, round, heads)
    for head in heads:
        if not _is_genuine(head, ledger):
            yield found("note", round.id, size=head.size)
    yield from _made_of(session, round, ledger)


def _entries(session: Session, round: Round, heads: list[Checkpoint]) -> Iterator[Finding]:
    """Hash every body anew, and compare the root wherever one was signed.

    What was appended since the heads were read is left to the next check.
    """
    frontier, ballots = Frontier(), 0
    waiting = iter(heads)
    head = next(waiting, None)
    size = heads[-1].size if heads else 0
    for row in _rows(session, round.id, size):
        if row.idx != frontier.size:
            yield found("entry_gap", round.id, index=frontier.size)
            return
        if not _is_whole(row):
            yield found("entry", round.id, index=row.idx)
        ballots += row.kind == "ballot"
        frontier.append(leaf_hash(row.body.encode()))
        if head is not None and head.size == frontier.size:
            if head.root != frontier.root() or f"\nballots {ballots}\n" not in head.note:
                yield found("root", round.id, size=head.size)
            head = next(waiting, None)
    if head is not None:
        yield found("root", round.id, size=head.size)
    if number := _uncovered(session, round):
        yield found("uncovered", round.id, number=number)


def _rows(session: Session, round_id: str, size: int) -> Iterator[Any]:
    columns = (
        LedgerEntry.idx, LedgerEntry.kind, LedgerEntry.body, LedgerEntry.leaf, LedgerEntry.slot
    )  # fmt: skip
    mine = select(*columns).where(LedgerEntry.round_id == round_id, LedgerEntry.idx < size)
    after = -1
    while True:
        rows = session.execute(
            mine.where(LedgerEntry.idx > after).order_by(LedgerEntry.idx).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].idx


def _uncovered(session: Session, round: Round) -> int:
    """Count the entries behind the newest head: one transaction writes both, so there are none."""
    newest = select(func.max(Checkpoint.size)).where(Checkpoint.round_id == round.id)
    behind = select(func.count()).where(
        LedgerEntry.round_id == round.id,
        LedgerEntry.idx >= func.coalesce(newest.scalar_subquery(), 0),
    )
    return session.scalar(behind) or 0


def _is_whole(row: Any) -> bool:
    said = json.loads(row.body)
    # Only the entry of a ballot has its slot beside the body as well.
    slot = bytes.fromhex(said["slot"]) if row.kind == "ballot" else None
    return leaf_hash(row.body.encode()) == row.leaf and (said["kind"], slot) == (row.kind, row.slot)


def _is_genuine(head: Checkpoint, ledger: Ledger) -> bool:
    """Tell whether a checkpoint is signed, and says what stands beside it; every byte of it counts."""
    name, public = ledger.origin, ledger.public_key
    try:
        text, signature = read_note(head.note, name=name, public=public)
    except NotANote:
        return False
    lines = text.splitlines()
    said = [
        name,
        str(head.size),
        base64.b64encode(head.root).decode(),
        f"time {moment_text(head.at)}",
    ]
    anew = signed_note(text, name=name, public=public, sign=lambda _: signature)
    return (
        lines[:4] == said
        and not head.at.microsecond
        and anew == head.note
        and is_signed(public, text.encode(), signature)
    )


def _made_of(session: Session, round: Round, ledger: Ledger) -> Iterator[Finding]:
    """Make every entry that is no ballot anew from what it was made of."""
    rows = session.execute(
        select(LedgerEntry.idx, LedgerEntry.kind, LedgerEntry.body, LedgerEntry.source)
        .where(LedgerEntry.round_id == round.id, LedgerEntry.kind != "ballot")
        .order_by(LedgerEntry.idx)
    ).all()
    for row in rows:
        if row.kind == "batch":
            yield from _batch(session, round, row)
        elif not _fits(session, round, ledger, row):
            yield found("entry_source", round.id, index=row.idx)
    if [row.kind for row in rows[:1]] != ["rules"]:
        yield found("ledger_name", round.id)
    ballots_with_source = select(func.count()).where(
        LedgerEntry.round_id == round.id,
        LedgerEntry.kind == "ballot",
        LedgerEntry.source.is_not(None),
    )
    if session.scalar(ballots_with_source):
        yield found("entry_source", round.id, index="?")


def _fits(session: Session, round: Round, ledger: Ledger, row: Any) -> bool:
    kind, _, id = (row.source or "").partition(":")
    body = _BODIES.get(kind, _nothing)(session, round, ledger, id)
    if kind == "step":
        # What the closing was when the entry was made is compared with the round itself.
        said = json.loads(row.body)
        return body is not None and body == {name: said.get(name) for name in body}
    return body is not None and body == row.body


def _nothing(_session: Session, _round: Round, _ledger: Ledger, _id: str) -> None:
    return None


def _rules(_session: Session, round: Round, ledger: Ledger, id: str) -> str | None:
    if id or round.config_hash is None:
        return None
    key = verifier_key(ledger.origin, ledger.public_key)
    return rules_body(round_id=round.id, config_hash=round.config_hash, log_key=key)


def _roll(_session: Session, round: Round, _ledger: Ledger, id: str) -> str | None:
    if id or round.roll_count is None or round.roll_hash is None:
        return None
    return roll_body(count=round.roll_count, digest=round.roll_hash)


def _step(session: Session, round: Round, _ledger: Ledger, id: str) -> dict[str, str] | None:
    step = session.get(PhaseChange, id)
    if step is None or step.round_id != round.id:
        return None
    body: dict[str, str] = json.loads(act_body(act=step.act, at=step.at, closes_at=round.closing))
    body.pop("closes_at", None)
    return body


def _withdrawn(session: Session, round: Round, _ledger: Ledger, id: str) -> str | None:
    one = session.get(Candidate, id)
    if one is None or one.round_id != round.id or one.withdrawn_at is None:
        return None
    return withdrawn_body(number=one.ballot_number or 0, at=one.withdrawn_at)


def _roll_change(session: Session, round: Round, _ledger: Ledger, id: str) -> str | None:
    one = session.get(RollChange, id)
    if one is None or one.round_id != round.id or one.state != "done":
        return None
    return change_body(one)


def _note(session: Session, round: Round, _ledger: Ledger, id: str) -> str | None:
    note = session.get(LedgerNote, id)
    return note.body if note is not None and note.round_id == round.id else None


def _paper(session: Session, round: Round, _ledger: Ledger, id: str) -> str | None:
    batch = session.get(PaperBatch, id)
    if batch is None or batch.round_id != round.id:
        return None
    mine = (PaperBallot.round_id == round.id, PaperBallot.batch_id == batch.id)
    serials = session.scalars(select(PaperBallot.serial).where(*mine)).all()
    return paper_body(
        batch_id=batch.id, number=batch.number, versions=batch.versions, serials=serials
    )


_BODIES: dict[str, Any] = {
    "rules": _rules, "roll": _roll, "step": _step, "withdrawn": _withdrawn, "note": _note,
    "roll_change": _roll_change, "paper": _paper,
}  # fmt: skip


def _batch(session: Session, round: Round, row: Any) -> Iterator[Finding]:
    batch = session.get(CardBatch, (row.source or "").removeprefix("batch:"))
    if batch is None or batch.round_id != round.id or batch.ledger_idx != row.idx:
        yield found("entry_source", round.id, index=row.idx)
        return
    hashes = session.scalars(
        select(BallotCard.cred_hash).where(
            BallotCard.round_id == round.id, BallotCard.batch_id == batch.id
        )
    ).all()
    if batch_body(batch_id=batch.id, number=batch.number, cred_hashes=hashes) != row.body:
        yield found("batch", round.id, number=batch.number)
