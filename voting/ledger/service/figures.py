"""The figures of a checkpoint: rights used, cards, the head of the journal, at one moment."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.cards.models import BallotCard, CardBatch
from voting.journal.models import JournalEntry
from voting.journal.rules import GENESIS
from voting.ledger.rules.notes import Figures
from voting.roll.models import Participation


def figures_of(session: Session, round_id: str, *, ballots: int) -> Figures:
    """Count for a checkpoint; ``ballots`` are the ballot entries it covers."""
    channels = session.execute(
        select(Participation.channel, func.count().label("number"))
        .where(Participation.round_id == round_id)
        .group_by(Participation.channel)
    )
    states = session.execute(
        select(BallotCard.state, func.count().label("number"))
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(BallotCard.round_id == round_id, CardBatch.kind == "vote")
        .group_by(BallotCard.state)
    )
    newest = select(JournalEntry.hash).order_by(JournalEntry.idx.desc()).limit(1)
    return Figures(
        ballots=ballots,
        participation={row.channel: row.number for row in channels},
        cards={row.state: row.number for row in states},
        journal=session.scalar(newest) or GENESIS,
    )
