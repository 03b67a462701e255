"""Which urns wait to be written anew after their vote, and that they were."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.errors import Refusal
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round
from voting.upkeep.models import Repacking

_BEFORE = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.PAUSED})


class StillVoting(Refusal):
    """The urn of a vote that is on is repacked batch by batch, by the ledger."""

    msgid = "这一轮的投票还没有截止，票箱等截止以后再整理。"


class OthersVote(Refusal):
    """On SQLite the whole file is written anew, and nobody could vote meanwhile."""

    msgid = "还有轮次正在投票，整理会让大家等着。请等没有轮次投票的时候再整理。"


def waiting_urns(session: Session, *, now: datetime) -> list[str]:
    """Return the rounds whose vote is over and whose urn was not written anew since."""
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    done = exists().where(Repacking.round_id == Round.id, Repacking.at >= closing)
    has_ballots = exists().where(UrnEntry.round_id == Round.id)
    query = select(Round).where(
        Round.frozen_at.is_not(None), Round.kind != "loaded", has_ballots, ~done
    )
    rounds = session.scalars(query.order_by(Round.id)).all()
    return [round.id for round in rounds if round.phase_at(now) not in _BEFORE]


def is_anybody_voting(session: Session, *, now: datetime) -> bool:
    """Tell whether a vote is on in any round."""
    open_now = select(Round).where(
        Round.kind != "loaded",
        or_(Round.phase == Phase.VOTING.value, Round.phase == Phase.VOTE_ANNOUNCED.value),
    )
    return any(round.phase_at(now) is Phase.VOTING for round in session.scalars(open_now))


def require_over(session: Session, *, now: datetime, round_id: str, whole: bool) -> None:
    """Raise NotFound, StillVoting, or OthersVote where the ``whole`` database would be written anew."""
    if get_round(session, round_id).phase_at(now) in _BEFORE:
        raise StillVoting
    if whole and is_anybody_voting(session, now=now):
        raise OthersVote


def note_repacked(session: Session, *, now: datetime, round_id: str) -> None:
    """Note that the urn of a round was written anew."""
    session.merge(Repacking(round_id=round_id, at=now))
    session.flush()
