"""What the clock has done to rounds is written down, and every step with it."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import Phase

BY_CLOCK = "clock"


def settle(session: Session, *, now: datetime, round_id: str | None = None) -> int:
    """Write down the phases the clock has brought, of one round or of all; return how many rounds moved.

    Everybody reads ``Round.phase_at``, so nothing depends on when this runs.
    """
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    due = or_(
        and_(Round.phase == Phase.VOTE_ANNOUNCED.value, Round.opens_at <= now),
        and_(Round.phase == Phase.VOTING.value, closing <= now),
    )
    query = select(Round).where(due).with_for_update(of=Round)
    if round_id is not None:
        query = query.where(Round.id == round_id)
    rounds = session.scalars(query.execution_options(populate_existing=True)).all()
    for round in rounds:
        _settle(session, round, now)
    session.flush()
    return len(rounds)


def _settle(session: Session, round: Round, now: datetime) -> None:
    if round.phase == Phase.VOTE_ANNOUNCED:
        note_step(session, round, Phase.VOTING, at=round.opens_at, by=BY_CLOCK)
    if round.closing <= now:
        note_step(session, round, Phase.COUNTING, at=round.closing, by=BY_CLOCK)


def note_step(
    session: Session, round: Round, after: Phase, *, at: datetime, by: str, reason: str = ""
) -> None:
    """Store a phase and its place in the history; whether the step is allowed was asked before."""
    session.add(
        PhaseChange(
            round_id=round.id, before=round.phase, after=after.value, at=at, by=by, reason=reason
        )
    )
    round.phase = after.value
