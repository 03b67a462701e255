"""Papers made by the real use case, marked by the ledger, printed and charged to a worker."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW
from voting.accounts.models import Officer
from voting.journal.rules import COMMAND_LINE, Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle
from voting.paper.service import PER_BUNDLE, make_batch
from voting.rounds.models import Round


def make_paper(
    session: Session,
    round: Round,
    count: int = 6,
    *,
    holder: Officer | None = None,
    versions: int = 1,
    kind: str = "vote",
    bundle_size: int = PER_BUNDLE,
    now: datetime = NOW,
    actor: Actor = COMMAND_LINE,
) -> PaperBatch:
    """Make a batch that may be handed out; with a ``holder`` all its bundles are charged to them."""
    batch = make_batch(
        session, now=now, actor=actor, round=round, count=count, versions=versions, kind=kind,
        bundle_size=bundle_size,
    )  # fmt: skip
    batch.ledger_idx = 2
    batch.state, batch.printed_at = "printed", now
    if holder is not None:
        mine = update(PaperBundle).where(PaperBundle.batch_id == batch.id)
        session.execute(mine.values(holder_id=holder.id, charged_at=now, charged_by=holder.id))
    session.flush()
    return batch


def serials_of(session: Session, batch: PaperBatch) -> list[str]:
    """Return the serials of a batch."""
    mine = select(PaperBallot.serial).where(
        PaperBallot.round_id == batch.round_id, PaperBallot.batch_id == batch.id
    )
    return list(session.scalars(mine.order_by(PaperBallot.serial)))


def handed_of(session: Session, batch: PaperBatch) -> int:
    """Return how many papers of a batch were handed out."""
    mine = select(func.sum(PaperBundle.handed)).where(PaperBundle.batch_id == batch.id)
    return session.scalar(mine) or 0
