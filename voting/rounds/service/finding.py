"""Rounds are found, listed and held while somebody changes them."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.notices.models import Notice
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import PUBLIC, Phase

PER_PAGE = 50


_LONGEST_ID = 64


class RulesFrozen(Refusal):
    """The vote has been announced: what was announced stands."""

    msgid = "投票公告已经发布，规则和候选项目不能再改。"


def get_round(session: Session, round_id: str) -> Round:
    """Return a round; raise NotFound."""
    round = session.get(Round, round_id) if _may_be_id(round_id) else None
    if round is None:
        raise NotFound
    return round


def get_seen_round(session: Session, round_id: str) -> Round:
    """Return a real round that anybody may see; another one and none get the same answer: NotFound."""
    wanted = select(Round).where(Round.id == round_id, seen_by_all())
    round = session.scalars(wanted).one_or_none() if _may_be_id(round_id) else None
    if round is None:
        raise NotFound
    return round


def hold_round(session: Session, round_id: str) -> Round:
    """Return a round as it is now and let nobody else change it, or its list, until the end of this act.

    Whoever changes a round or its candidates asks here first, so that freezing reads what will stand.
    """
    round = (
        session.get(Round, round_id, with_for_update={"of": Round}, populate_existing=True)
        if _may_be_id(round_id)
        else None
    )
    if round is None:
        raise NotFound
    return round


def steady_round(session: Session, round_id: str) -> Round:
    """Return a round as it is, whose steps and closing nobody changes until the end of this act.

    Others who only need it steady are not held up; whoever holds it waits for them, and they for it. Raises
    NotFound.
    """
    get_round(session, round_id)
    shared = {"read": True, "of": Round}
    return session.get_one(Round, round_id, with_for_update=shared, populate_existing=True)


def hold_unfrozen(session: Session, round_id: str) -> Round:
    """Return the held round; raise NotFound or RulesFrozen."""
    round = hold_round(session, round_id)
    if round.frozen_at is not None:
        raise RulesFrozen
    return round


def _may_be_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= _LONGEST_ID


def all_rounds(session: Session, *, now: datetime) -> list[Round]:
    """Return every round: those with a vote on first, then by opening, newest first."""
    return list(session.scalars(in_order(select(Round), now)))


def public_rounds(
    session: Session, *, now: datetime, search: str = "", limit: int = PER_PAGE
) -> list[Round]:
    """Return real rounds that anybody may see; ``search`` narrows to titles that contain it."""
    query = select(Round).where(seen_by_all())
    if search:
        query = query.where(Round.title.contains(search, autoescape=True))
    return list(session.scalars(in_order(query, now).limit(limit)))


def seen_by_all() -> ColumnElement[bool]:
    """Return the condition that anybody may see a round, and that it is a real one."""
    public = [phase.value for phase in PUBLIC]
    return and_(
        Round.kind == "real",
        Round.phase.in_(public),
        # A round that ended before anybody could see it stays unseen.
        or_(
            Round.phase != Phase.TERMINATED.value,
            exists().where(PhaseChange.round_id == Round.id, PhaseChange.before.in_(public)),
        ),
        or_(Round.phase != Phase.PAUSED.value, Round.phase_before_pause.in_(public)),
    )


def in_order(query: Select[Round], now: datetime) -> Select[Round]:
    """Order rounds: those with a vote on at ``now`` first, then by opening, newest first."""
    return query.order_by(case((_votes_at(now), 0), else_=1), Round.opens_at.desc(), Round.id)


def _votes_at(now: datetime) -> ColumnElement[bool]:
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    return and_(
        Round.phase.in_([Phase.VOTE_ANNOUNCED.value, Phase.VOTING.value]),
        Round.opens_at <= now,
        closing > now,
    )


def was_public(session: Session, round: Round) -> bool:
    """Tell whether anybody may see a round: a halted one if it had been public before."""
    if round.phase == Phase.PAUSED:
        return Phase(round.phase_before_pause or Phase.DRAFT) in PUBLIC
    if round.phase != Phase.TERMINATED:
        return Phase(round.phase) in PUBLIC
    before = select(PhaseChange.before).where(PhaseChange.round_id == round.id)
    return any(Phase(phase) in PUBLIC for phase in session.scalars(before))


def history_of(session: Session, round_id: str) -> list[PhaseChange]:
    """Return the steps of a round, oldest first; of one moment, each after the one that led to it."""
    found = select(PhaseChange).where(PhaseChange.round_id == round_id)
    left = list(session.scalars(found.order_by(PhaseChange.at, PhaseChange.id)))
    steps: list[PhaseChange] = []
    while left:
        here = steps[-1].after if steps else Phase.DRAFT.value
        same_moment = (step for step in left if step.at == left[0].at)
        steps.append(next((step for step in same_moment if step.before == here), left[0]))
        left.remove(steps[-1])
    return steps


def notices_of(session: Session, round_id: str) -> list[Notice]:
    """Return the papers about a round that anybody may read, latest first."""
    about = select(Notice).where(Notice.round_id == round_id, Notice.audience == "public")
    return list(session.scalars(about.order_by(Notice.issued_at.desc(), Notice.number.desc())))
