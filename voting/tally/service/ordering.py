"""A count too long for a page is a job: ordered once, found again, given up when its process died."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.adapters.jobs import DIED, latest, under_way
from voting.journal.rules import Actor
from voting.persistence.jobs import Job
from voting.rounds.service import hold_round
from voting.tally.service.entries import urn_size

COUNT = "tally.count"
AT_ONCE = 5000
"""Urns with more ballots than this are counted by a job."""

_STOPPED = "计票中途停了（程序重启或断电）。票箱没有动。"
_DIED = "计票中途停了（程序重启或断电）。票箱没有动，请重新计票。"


def order_count(
    session: Session, *, now: datetime, actor: Actor, round_id: str, served: bool
) -> Job:
    """Return the job that counts a round: one under way, or a new one in state ``waiting``.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died.
    """
    hold_round(session, round_id)
    moving = under_way(session, kind=COUNT, subject_id=round_id, now=now, served=served, died=_DIED)
    if moving:
        return moving
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
    return latest(session, kind=COUNT, subject_id=round_id)


def stopped_by(job: Job | None, *, begun: bool) -> str:
    """Return the sentence that says why a count stopped.

    Where the next one goes on from what was ``begun``, nobody is told to begin anew.
    """
    message = job.message if job else None
    if message is None or (begun and message in {DIED, _DIED}):
        return _STOPPED
    return message
