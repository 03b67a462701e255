"""Making a comparison: the votes are read, every rule is applied, and what comes out is stored once."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.jobs import latest, under_way
from voting.comparing.models import ComparisonMade
from voting.comparing.rules.alternatives import Votes
from voting.comparing.rules.facts import VERSION, Comparison
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.rules import write_facts
from voting.persistence.jobs import Job
from voting.rounds.models import Round
from voting.rounds.rules import STRAIGHT_PATH, Phase
from voting.rounds.service import get_round, hold_round
from voting.tally.service import checked_count

COMPARE = "comparing.make"
PERCENT = 100
_REVIEWED = frozenset(STRAIGHT_PATH[STRAIGHT_PATH.index(Phase.RESULT_REVIEW) :])
_DIED = "算到一半停了（程序重启或断电）。请重新算。"


class NotReviewedYet(Refusal):
    """The count has not been sent for review, or never will be."""

    msgid = "现在还不能算：要先计票，并把计票结果送街道审定。"


def is_reviewed(round: Round) -> bool:
    """Tell whether the count of a round was sent for review, be it paused since."""
    return (round.paused_in or Phase(round.phase)) in _REVIEWED


def votes_of(session: Session, round_id: str) -> Votes:
    """Return the counted votes of a round as plain values.

    Raises NotFound, NotReviewedYet, NotCountedYet or TallyDiffers.
    """
    round = get_round(session, round_id)
    if not is_reviewed(round):
        raise NotReviewedYet
    counted = checked_count(session, round_id)
    return Votes(
        candidates=counted.listed,
        titles={id: row.title for id, row in counted.candidates.items()},
        judged=counted.judged,
        terms=counted.terms,
        declared=counted.declared,
        seed=counted.draw_seed or None,
        unit=10**counted.money_decimals,
    )


def store_comparison(
    session: Session, *, now: datetime, actor: Actor, round_id: str, found: Comparison
) -> bool:
    """Store a comparison and tell whether it is the one that stands; another made meanwhile stays.

    Raises NotFound or NotReviewedYet. The primary key decides who was first, not a look beforehand.
    """
    round = hold_round(session, round_id)
    if not is_reviewed(round):
        raise NotReviewedYet
    row = {
        "round_id": round_id,
        "version": VERSION,
        "made_at": now,
        "facts": write_facts(found),
    }
    try:
        with session.begin_nested():
            session.execute(insert(ComparisonMade).values(**row))
    except IntegrityError:
        return False
    record(
        session, actor, "comparison.make", now=now, kind="round", id=round_id,
        area_path=round.area.path, version=VERSION,
    )  # fmt: skip
    return True


def order_comparison(
    session: Session, *, now: datetime, actor: Actor, round_id: str, served: bool
) -> Job:
    """Return the job that makes a comparison: one under way, or a new one; its progress is in percent.

    ``served`` says whether anybody works jobs off. Raises NotFound or NotReviewedYet.
    """
    if not is_reviewed(hold_round(session, round_id)):
        raise NotReviewedYet
    moving = under_way(
        session, kind=COMPARE, subject_id=round_id, now=now, served=served, died=_DIED
    )
    if moving:
        return moving
    job = Job(kind=COMPARE, subject_id=round_id, officer_id=actor.id, total=PERCENT, created_at=now)
    session.add(job)
    session.flush()
    return job


def latest_comparison(session: Session, round_id: str) -> Job | None:
    """Return the newest job that makes a comparison of a round, or None."""
    return latest(session, kind=COMPARE, subject_id=round_id)
