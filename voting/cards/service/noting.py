"""Writing down what officers do with batches."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.cards.models import CardBatch
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.rounds.models import Round


def note(
    session: Session,
    actor: Actor,
    act: str,
    *,
    now: datetime,
    batch: CardBatch,
    **details: object,
) -> None:
    """Write down an act upon a batch, under the area of its round."""
    record(
        session,
        actor,
        act,
        now=now,
        kind="card_batch",
        id=batch.id,
        area_path=session.get_one(Round, batch.round_id).area.path,
        number=batch.number,
        **details,
    )
