"""Rounds: fetch, plan, freeze."""

from sqlalchemy.orm import Session

from voting.errors import NotFound
from voting.rounds.models import Round


def get_round(session: Session, round_id: str) -> Round:
    """Return a round; raise NotFound."""
    round = session.get(Round, round_id)
    if round is None:
        raise NotFound
    return round
