"""Writing down what officers do with papers; never for whom; which paper only after the box."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.models import PaperBatch
from voting.rounds.models import Round


def note(
    session: Session,
    actor: Actor,
    act: str,
    *,
    now: datetime,
    batch: PaperBatch,
    **details: object,
) -> None:
    """Write down an act upon a batch, under the area of its round."""
    record(
        session, actor, act, now=now, kind="paper_batch", id=batch.id,
        area_path=session.get_one(Round, batch.round_id).area.path, number=batch.number, **details,
    )  # fmt: skip


def note_round(
    session: Session, actor: Actor, act: str, *, now: datetime, round: Round, **details: object
) -> None:
    """Write down an act upon the papers of a round."""
    record(
        session,
        actor,
        act,
        now=now,
        kind="round",
        id=round.id,
        area_path=round.area.path,
        **details,
    )
