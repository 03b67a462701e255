"""What the pages about paper share."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.adapters.jobs import Queue
from voting.paper.models import PaperBatch
from voting.paper.service import get_batch, order_sheets
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now

bp = Blueprint("paper", __name__)


def queue() -> Queue:
    """Return this installation's queue of long jobs."""
    return Queue(current_config().var / "jobs")


def load_batch(round: Round, batch_id: str) -> PaperBatch:
    """Return a batch of this round; raise NotFound for another round's as for none."""
    return get_batch(get_session(), batch_id, round_id=round.id)


def order(session: Session, batch_id: str) -> str:
    """Order the file of a batch and return the job's id, to be put in the queue after the commit."""
    job = order_sheets(
        session, now=now(), actor=current_user.actor, batch_id=batch_id, served=queue().is_served()
    )
    return job.id


def to_batch(round: Round, batch_id: str) -> Any:
    """Lead to the page of a batch."""
    return redirect(url_for("paper.batch", round_id=round.id, batch_id=batch_id), 303)
