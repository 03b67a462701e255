"""A count too long for a page is a job: ordered once, found again, given up when its process died."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.journal.rules import Actor
from voting.persistence.jobs import Job
from voting.rounds.service import hold_round
from voting.tally.service.urn import urn_size

COUNT = "tally.count"
AT_ONCE = 5000
"""Urns with more ballots than this are counted by a job."""

_DIED = "计票中途停了（程序重启或断电）。票箱没有动，请重新计票。"


def order_count(
    session: Session, *, now: datetime, actor: Actor, round_id: str, served: bool
) -> Job:
    """Return the job that counts a round: one under way, or a new one in state ``waiting``.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died.
    """
    hold_round(session, round_id)
    job = latest_count(session, round_id)
    if job and job.state == "running" and not served:
        _give_up(session, job, now)
    elif job and job.state in {"waiting", "running"}:
        return job
    job = Job(
        kind=COUNT,
        subject_id=round_id,
        officer_id=actor.id,
        total=urn_size(session, round_id),
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def latest_count(session: Session, round_id: str) -> Job | None:
    """Return the newest job that counts a round, or None."""
    query = select(Job).where(Job.subject_id == round_id, Job.kind == COUNT)
    return session.scalars(query.order_by(Job.created_at.desc(), Job.id).limit(1)).one_or_none()


def _give_up(session: Session, job: Job, now: datetime) -> None:
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == "running")
        .values(state="failed", message=_DIED, finished_at=now)
        .execution_options(synchronize_session=False)
    )
