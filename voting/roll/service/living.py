"""A frozen roll lives until voting ends: who changes it holds it, so that one change follows the other."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.roll.models import Elector, RollChange
from voting.roll.rules.applying import is_living
from voting.roll.rules.hashing import RollLines
from voting.roll.service.importing import hold_roll
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round

_LOCK = 4_705_419  # any number that nothing else in this database locks together with a second one


class RollClosed(Refusal):
    """Voting is over, or the round has been halted for good: the roll stays as it is."""

    msgid = "投票已经截止，名册不能再改。"


class RollNotFrozen(Refusal):
    """Before the announcement one officer changes the roll alone."""

    msgid = "投票公告还没有发布，名册可以直接改，不用两个人。请刷新这一页再办。"


def phase_of(round: Round, now: datetime) -> Phase:
    """Return the phase in force; a paused round is where it was paused."""
    phase = round.phase_at(now)
    return round.paused_in or phase if phase is Phase.PAUSED else phase


def hold_living(session: Session, round_id: str, actor: Actor, now: datetime) -> Round:
    """Return a round whose frozen roll may be changed; other changes wait until the end of this act.

    The round itself is held as a cast holds it: nobody's vote waits for a change of the roll, and voting
    does not end in the middle of one. Raise NotFound, RollNotFrozen or RollClosed.
    """
    round_id = get_round(session, round_id).id
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:key, hashtext(:round_id))")
        session.execute(lock, {"key": _LOCK, "round_id": round_id})
    round = session.get_one(
        Round, round_id, with_for_update={"read": True, "of": Round}, populate_existing=True
    )
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.frozen_at is None:
        raise RollNotFrozen
    if not is_living(phase_of(round, now)):
        raise RollClosed
    return round


def hold_changeable(session: Session, round_id: str, actor: Actor, now: datetime) -> Round:
    """Return a round whose roll may be changed, alone or by two; raise NotFound, RollClosed or RoundOver."""
    if get_round(session, round_id).frozen_at is None:
        return hold_roll(session, round_id, actor)
    return hold_living(session, round_id, actor, now)


def lines_of_roll(session: Session, round_id: str) -> RollLines:
    """Return the people of a roll as they are hashed."""
    listed = select(Elector.elector_id, Elector.id_key).where(
        Elector.round_id == round_id, Elector.struck_at.is_(None)
    )
    return RollLines.of((row.elector_id, row.id_key) for row in session.execute(listed))


def newest_change(session: Session, round_id: str) -> RollChange | None:
    """Return the last change that two officers made, or None."""
    query = select(RollChange).where(RollChange.round_id == round_id, RollChange.state == "done")
    return session.scalars(query.order_by(RollChange.second_at.desc()).limit(1)).one_or_none()
