"""Many changes confirmed by one officer: a job, a few changes in each transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from voting.adapters.jobs import under_way
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.persistence.jobs import Job
from voting.roll.models import RollChange
from voting.roll.service.living import hold_living

CONFIRM = "roll.confirm"
# Each reads the whole roll once and holds the database for it: votes wait no longer than they notice.
AT_ONCE = 10


class NothingToConfirm(Refusal):
    """Nothing waits that somebody else asked for."""

    msgid = "没有等您确认的更改。自己提出的，要请另一位工作人员确认。"


def order_confirming(
    session: Session, *, now: datetime, actor: Actor, round_id: str, served: bool
) -> Job:
    """Order that everything that others asked for be confirmed; asked again, the same job.

    Raise NotFound, RollClosed or NothingToConfirm.
    """
    round = hold_living(session, round_id, actor, now)
    job = under_way(session, kind=CONFIRM, subject_id=round.id, now=now, served=served)
    if job is not None:
        return job
    total = session.scalar(select(func.count()).where(_of_others(round.id, actor.id))) or 0
    if not total:
        raise NothingToConfirm
    job = Job(kind=CONFIRM, subject_id=round.id, officer_id=actor.id, total=total, created_at=now)
    session.add(job)
    session.flush()
    return job


def asked_by_others(session: Session, round_id: str, officer_id: str) -> Sequence[str]:
    """Return the changes that wait and that somebody else asked for, the oldest first."""
    query = select(RollChange.id).where(_of_others(round_id, officer_id))
    return session.scalars(query.order_by(RollChange.first_at, RollChange.id)).all()


def _of_others(round_id: str, officer_id: str) -> ColumnElement[bool]:
    return and_(
        RollChange.round_id == round_id,
        RollChange.state == "waiting",
        RollChange.first_by != officer_id,
    )
