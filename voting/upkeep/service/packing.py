"""The job that lays out a round's emergency pack, as a row: ordered once, found again."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.adapters.jobs import latest, under_way
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.jobs import Job
from voting.roll.service import roll_counts
from voting.rounds.models import Round
from voting.rounds.service import hold_round

PACK = "upkeep.pack"
# A fifth of the roll came in one day where that was counted; more is a burden at the polling place.
_SHARE, _LEAST, _MOST = 5, 20, 500


class NotFrozen(Refusal):
    """Neither list nor roll are fixed yet."""

    msgid = "投票公告还没有发布，候选项目和名册还没有定，不能打印应急包。"


def ballots_of(listed: int) -> int:
    """Return how many paper ballots go into the pack of a roll with so many people."""
    return min(max(-(-listed // _SHARE), _LEAST), _MOST)


def order_pack(
    session: Session, *, now: datetime, actor: Actor, round_id: str, served: bool
) -> Job:
    """Return the job that makes the pack of a round: one under way, or a new one in state ``waiting``.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died. Raises
    NotFound or NotFrozen.
    """
    round = hold_round(session, round_id)
    if round.frozen_at is None:
        raise NotFrozen
    moving = under_way(session, kind=PACK, subject_id=round_id, now=now, served=served)
    if moving:
        return moving
    job = Job(
        kind=PACK, subject_id=round_id, officer_id=actor.id, created_at=now,
        total=ballots_of(roll_counts(session, round_id).listed),
    )  # fmt: skip
    session.add(job)
    session.flush()
    _note(session, now, actor, round, "emergency.pack")
    return job


def next_serial(session: Session, round_id: str) -> int:
    """Return the number of the first ballot of the next pack: it follows those of the packs made before."""
    made = select(func.coalesce(func.sum(Job.total), 0)).where(
        Job.subject_id == round_id, Job.kind == PACK, Job.state == "done"
    )
    return int(session.scalar(made) or 0) + 1


def latest_pack(session: Session, round_id: str) -> Job | None:
    """Return the newest job for the pack of a round."""
    return latest(session, kind=PACK, subject_id=round_id)


def note_taken(session: Session, *, now: datetime, actor: Actor, round: Round) -> None:
    """Note who took the file: from then on it lies on somebody's disk."""
    _note(session, now, actor, round, "emergency.take")


def pack_file(var: Path, round_id: str) -> Path:
    """Return where the finished pack of a round lies; it holds the register of the roll."""
    return var / "prints" / f"emergency-{round_id}.pdf"


def _note(session: Session, now: datetime, actor: Actor, round: Round, act: str) -> None:
    record(session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path)
