"""Claims and tries go when they have served: the link from a person to a browser is kept by nobody."""

from datetime import datetime

from sqlalchemy import and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from voting.posters.models import IdentityTry, PosterClaim, ShortMessage
from voting.rounds.models import Round
from voting.rounds.rules import Phase

_ALIVE = (Phase.VOTE_ANNOUNCED.value, Phase.VOTING.value, Phase.PAUSED.value)


def forget_claims(session: Session, *, now: datetime) -> int:
    """Delete expired claims, and whatever is left of rounds in which nobody votes; return how many claims."""
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    is_on = and_(Round.phase.in_(_ALIVE), or_(Round.phase == Phase.PAUSED.value, closing > now))
    over = select(Round.id).where(not_(is_on))
    gone = session.scalars(
        delete(PosterClaim)
        .where(or_(PosterClaim.expires_at <= now, PosterClaim.round_id.in_(over)))
        .returning(PosterClaim.round_id)
        .execution_options(synchronize_session=False)
    ).all()
    for table in (IdentityTry, ShortMessage):
        session.execute(
            delete(table)
            .where(table.round_id.in_(over))
            .execution_options(synchronize_session=False)
        )
    session.execute(
        update(ShortMessage)
        .where(ShortMessage.expires_at <= now, ShortMessage.state == "waiting")
        .values(state="failed", sealed=None)
        .execution_options(synchronize_session=False)
    )
    return len(gone)
