"""What of a round's proposals is not decided yet; the conduct of a round asks here."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.proposals.models import Appeal, Proposal
from voting.proposals.rules.states import UNDECIDED


def open_appeals(session: Session, round_id: str) -> int:
    """Return how many appeals of a round wait for a decision."""
    waiting = (
        select(func.count())
        .select_from(Appeal)
        .join(Proposal, Proposal.id == Appeal.proposal_id)
        .where(Proposal.round_id == round_id, Appeal.decided_at.is_(None))
    )
    return session.scalar(waiting) or 0


def unresolved(session: Session, round_id: str) -> int:
    """Return how many proposals of a round are undecided or under appeal."""
    appealed = (
        select(Appeal.proposal_id)
        .where(Appeal.proposal_id == Proposal.id, Appeal.decided_at.is_(None))
        .exists()
    )
    undecided = Proposal.state.in_([state.value for state in UNDECIDED])
    waiting = (
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.round_id == round_id, undecided | appealed)
    )
    return session.scalar(waiting) or 0
