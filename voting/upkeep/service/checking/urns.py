"""Every sealed ballot against its entry in the ledger."""

import hashlib
from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, receipt_code
from voting.ledger.models import Checkpoint, LedgerEntry
from voting.ledger.rules.entries import ballot_body
from voting.rounds.models import Round
from voting.upkeep.rules.findings import Finding, found

_URN, _ENTRY = cast("Table", UrnEntry.__table__), cast("Table", LedgerEntry.__table__)
_AT_ONCE = 5000
# What sealing adds: an encapsulated key of 32 bytes and a tag of 16 (docs/2_rules/ballot.md).
_SEAL = 48
_MOST_SHOWN = 20


def check_urn(session: Session, round: Round) -> Iterator[Finding]:
    """Find ballots that are not as the ledger says, and entries whose ballot is gone.

    Ballots that no checkpoint covers yet are held to their length alone.
    """
    newest = select(func.max(Checkpoint.size)).where(Checkpoint.round_id == round.id)
    size = session.scalar(newest) or 0
    length = (round.ballot_length or 0) + SALT_LENGTH + _SEAL
    covered = shown = 0
    for row in _rows(session, round.id):
        code = "ballot_length" if len(row.sealed) != length else ""
        if row.idx is None:
            code = code or ("ballot" if row.batch_no is not None else "")
        else:
            fits = row.body == _body(row) and row.batch_no == row.covering
            # What a checkpoint covered since this began is left to the next check.
            covered += fits and row.idx < size
            code = code or ("" if fits else "ballot")
        if code and shown < _MOST_SHOWN:
            shown += 1
            yield found(code, round.id, receipt=receipt_code(row.slot))
    entries = _count_entries(session, round.id, "ballot", size)
    if entries != covered and (covered or not _count_entries(session, round.id, "destroyed", size)):
        yield found("ballots_missing", round.id, entries=entries, found=covered)


def _rows(session: Session, round_id: str) -> Iterator[Any]:
    """Yield the ballots with their entries, by slot; each part is one statement, and so of one moment."""
    both = (_ENTRY.c.round_id == _URN.c.round_id) & (_ENTRY.c.slot == _URN.c.slot)
    covering = (
        select(func.min(Checkpoint.size))
        .where(Checkpoint.round_id == _ENTRY.c.round_id, Checkpoint.size > _ENTRY.c.idx)
        .scalar_subquery()
    )
    query = (
        select(
            _URN.c.slot, _URN.c.sealed, _URN.c.leaf, _URN.c.batch_no, _ENTRY.c.idx, _ENTRY.c.body,
            covering.label("covering"),
        )
        .select_from(_URN.outerjoin(_ENTRY, both))
        .where(_URN.c.round_id == round_id)
        .order_by(_URN.c.slot)
        .limit(_AT_ONCE)
    )  # fmt: skip
    after = None
    while True:
        rows = session.execute(query if after is None else query.where(_URN.c.slot > after)).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].slot


def _body(row: Any) -> str:
    digest = hashlib.sha256(row.sealed).digest()
    return ballot_body(slot=row.slot, commitment=row.leaf, sealed_digest=digest)


def _count_entries(session: Session, round_id: str, kind: str, size: int) -> int:
    counted = select(func.count()).where(
        _ENTRY.c.round_id == round_id, _ENTRY.c.kind == kind, _ENTRY.c.idx < size
    )
    return session.scalar(counted) or 0
