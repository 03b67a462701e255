"""The job that lays out a round's emergency pack; its papers are a batch like any other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.jobs import latest, under_way
from voting.config import Config
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.models import PaperBatch
from voting.paper.service import make_batch, require_printing
from voting.persistence.jobs import Job
from voting.roll.service import roll_counts
from voting.rounds.models import Round
from voting.rounds.service import get_round

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
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    served: bool,
    config: Config | None = None,
) -> Job:
    """Return the job that makes the pack of a round: one under way, or a new one in state ``waiting``.

    ``served`` says whether anybody works jobs off; if not, one that claims to be running has died. Raises
    NotFound, NotFrozen or what ``require_printing`` raises.
    """
    batch = pack_batch(session, now=now, actor=actor, round_id=round_id, config=config)
    moving = under_way(session, kind=PACK, subject_id=batch.id, now=now, served=served)
    if moving:
        return moving
    job = Job(
        kind=PACK, subject_id=batch.id, officer_id=actor.id, created_at=now, total=batch.count,
    )  # fmt: skip
    session.add(job)
    session.flush()
    _note(session, now, actor, get_round(session, round_id), "emergency.pack")
    return job


def pack_batch(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    ballots: int | None = None,
    config: Config | None = None,
) -> PaperBatch:
    """Return the batch whose papers go into the pack: the one that waits to be printed, or a new one.

    Raises NotFound, NotFrozen or what ``require_printing`` raises.
    """
    if get_round(session, round_id).frozen_at is None:
        raise NotFrozen
    round = require_printing(session, round_id, now=now, config=config)
    waiting = latest_batch(session, round_id)
    if waiting is not None and waiting.state == "ready" and ballots in {None, waiting.count}:
        return waiting
    count = ballots or ballots_of(roll_counts(session, round_id).listed)
    return make_batch(
        session, now=now, actor=actor, round=round, count=count, versions=1, kind="emergency"
    )


def latest_batch(session: Session, round_id: str) -> PaperBatch | None:
    """Return the newest batch of emergency papers of a round."""
    mine = (PaperBatch.round_id == round_id, PaperBatch.kind == "emergency")
    newest = select(PaperBatch).where(*mine).order_by(PaperBatch.number.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def latest_pack(session: Session, round_id: str) -> Job | None:
    """Return the newest job for the pack of a round, as long as its papers wait to be printed."""
    batch = latest_batch(session, round_id)
    if batch is None or batch.state != "ready":
        return None
    return latest(session, kind=PACK, subject_id=batch.id)


def get_waiting(session: Session, round_id: str) -> PaperBatch:
    """Return the batch of the pack that waits to be printed; raise NotFound."""
    batch = latest_batch(session, round_id)
    if batch is None or batch.state != "ready":
        raise NotFound
    return batch


def note_taken(session: Session, *, now: datetime, actor: Actor, round: Round) -> None:
    """Note who took the file: from then on it lies on somebody's disk."""
    _note(session, now, actor, round, "emergency.take")


def _note(session: Session, now: datetime, actor: Actor, round: Round, act: str) -> None:
    record(session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path)
