"""A stored count against the opened ballots, the ledger and the journal."""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.clock import moment_text
from voting.journal.models import JournalEntry
from voting.ledger.models import Ledger, LedgerEntry
from voting.rounds.models import Round
from voting.tally.models import OpenedBallot, Tally
from voting.tally.rules.channels import digest_of
from voting.tally.service import find_tally
from voting.tally.service.channels import stored_channel_votes
from voting.tally.service.drawn import find_drawn
from voting.tally.service.verifying import TallyDiffers, checked_count
from voting.upkeep.rules.findings import Finding, found


def check_tally(session: Session, round: Round) -> Iterator[Finding]:
    """Find a count that is not the one that was made."""
    noted = _noted(session, round.id, "tally")
    tally = find_tally(session, round.id)
    if tally is None:
        if noted is not None:
            yield found("tally_entry", round.id)
        return
    if not _is_as_noted(session, round, tally) or not _is_drawn_as_noted(session, round):
        yield found("tally_entry", round.id)
    rows = session.execute(
        select(OpenedBallot.digest, OpenedBallot.ballot).where(OpenedBallot.round_id == round.id)
    )
    if any(hashlib.sha256(row.ballot.encode()).digest() != row.digest for row in rows):
        yield found("opened", round.id)
    cells = stored_channel_votes(session, round.id)
    if tally.channel_digest is not None and digest_of(cells) != tally.channel_digest:
        yield found("channels", round.id)
    try:
        checked_count(session, round.id)
    except TallyDiffers as differs:
        yield found("tally", round.id, what=differs.values["what"])


def _is_drawn_as_noted(session: Session, round: Round) -> bool:
    drawn, body = find_drawn(session, round.id), _noted(session, round.id, "draw")
    if drawn is None or body is None:
        return drawn is None and body is None
    said = json.loads(body)
    outcome = hashlib.sha256(drawn.outcome.encode()).hexdigest()
    return (said["number"], said["size"], said["root"], said["outcome"]) == (
        drawn.public_number, drawn.size, drawn.root.hex(), outcome,
    )  # fmt: skip


def _noted(session: Session, round_id: str, kind: str) -> str | None:
    return session.scalar(
        select(LedgerEntry.body).where(LedgerEntry.round_id == round_id, LedgerEntry.kind == kind)
    )


def _is_as_noted(session: Session, round: Round, tally: Tally) -> bool:
    counts = select(JournalEntry.at).where(
        JournalEntry.object_id == round.id, JournalEntry.act == "tally.count"
    )
    if tally.counted_at not in session.scalars(counts).all():
        return False
    if round.kind == "loaded" or session.get(Ledger, round.id) is None:
        return True
    body = _noted(session, round.id, "tally")
    if body is None:
        return False
    said = json.loads(body)
    outcome = hashlib.sha256(tally.outcome.encode()).hexdigest()
    return bool(said["outcome"] == outcome and said["at"] == moment_text(tally.counted_at))
