"""What a backup says of the database it holds, and whether it holds what it says."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.clock import moment_text
from voting.conduct.service.belongings import all_files
from voting.ledger.service import find_head
from voting.persistence.snapshot import revision_of, row_counts
from voting.rounds.models import Round
from voting.upkeep.rules.manifest import Manifest, RoundState


def describe(session: Session, *, now: datetime, database: str) -> Manifest:
    """Return the manifest of a copied database, still without files and keys."""
    return Manifest(
        made_at=moment_text(now),
        database=database,
        revision=revision_of(session.connection()),
        rows=row_counts(session.connection()),
        rounds=round_states(session),
        keys={},
        lost=(),
        parts=(),
    )


def round_states(session: Session) -> list[RoundState]:
    """Return where every round stands."""
    return [_state(session, round) for round in session.scalars(select(Round).order_by(Round.id))]


def _state(session: Session, round: Round) -> RoundState:
    head = find_head(session, round.id)
    counted = select(func.count()).where(UrnEntry.round_id == round.id)
    return RoundState(
        id=round.id,
        title=round.title,
        phase=round.phase,
        size=head.size if head else 0,
        head=head.root.hex() if head else "",
        ballots=session.scalar(counted) or 0,
    )


def named_files(session: Session) -> set[str]:
    """Return the digests of all files that some row names."""
    return all_files(session)


def differences(session: Session, manifest: Manifest) -> Sequence[str]:
    """Return the names of what a database does not hold as its manifest says; heads are compared in full."""
    found = [] if revision_of(session.connection()) == manifest.revision else ["revision"]
    rows = row_counts(session.connection())
    found += [name for name in sorted(rows.keys() | manifest.rows.keys())
              if rows.get(name) != manifest.rows.get(name)]  # fmt: skip
    if round_states(session) != list(manifest.rounds):
        found.append("rounds")
    return found
