"""Rounds: plan them, find them, and note what the clock has done to them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.areas.models import Area, Level
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.notices.models import Notice
from voting.rounds.models import PhaseChange, Round
from voting.rounds.rules import PUBLIC, Phase, Plan, check_plan

PER_PAGE = 50
BY_CLOCK = "clock"
_LONGEST_ID = 64
_ROUND_LEVELS = (Level.COMMUNITY, Level.ESTATE)


class RulesFrozen(Refusal):
    """The vote has been announced: what was announced stands."""

    msgid = "投票公告已经发布，规则和候选项目不能再改。"


class RoundOver(Refusal):
    """The round has been ended."""

    msgid = "这个轮次已经终止，不能再改。"


class AlreadyApproved(Refusal):
    """The street has the plan: whoever cannot approve it cannot change it."""

    msgid = "方案已经送街道审批，社区不能再改。需要修改的话，请街道退回或由街道修改。"


class WrongLevel(Refusal):
    """A round belongs to a community or an estate."""

    msgid = "轮次要开在社区或小区里。请重新选择范围。"
    field = "area_id"


@dataclass(frozen=True)
class RoundPage:
    """One page of rounds; pages count from 1."""

    rounds: list[Round]
    page: int
    pages: int


def get_round(session: Session, round_id: str) -> Round:
    """Return a round; raise NotFound."""
    round = session.get(Round, round_id) if _may_be_id(round_id) else None
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


def hold_unfrozen(session: Session, round_id: str) -> Round:
    """Return the held round; raise NotFound or RulesFrozen."""
    round = hold_round(session, round_id)
    if round.frozen_at is not None:
        raise RulesFrozen
    return round


def _may_be_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= _LONGEST_ID


def create_round(
    session: Session, *, now: datetime, actor: Actor, area_id: str, plan: Plan, kind: str = "real"
) -> Round:
    """Open a round as a draft; raise NotFound for an area outside the actor's, or what the plan lacks."""
    area = session.get(Area, area_id) if _may_be_id(area_id) else None
    if area is None or not area.path.startswith(actor.area_path):
        raise NotFound
    if area.level not in _ROUND_LEVELS:
        raise WrongLevel
    check_plan(plan)
    round = Round(area=area, kind=kind, created_at=now, created_by=actor.id, **_columns(plan))
    round.title = plan.title or f"{area.name}{local_day(plan.opens_at).year}年“幸福微实事”项目票决"
    round.office_name = plan.office_name or _office_of(session, area)
    session.add(round)
    session.flush()
    record(session, actor, "round.create", now=now, kind="round", id=round.id, area_path=area.path)
    return round


def change_round(
    session: Session, *, now: datetime, actor: Actor, round_id: str, plan: Plan, may_approve: bool
) -> Round:
    """Change the plan of a round that is not frozen; raise RulesFrozen, AlreadyApproved, or a plan's flaw.

    ``may_approve`` says whether the actor could approve the plan: once it has left the draft, only they
    may change it.
    """
    round = hold_unfrozen(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if round.phase == Phase.TERMINATED:
        raise RoundOver
    if round.phase != Phase.DRAFT and not may_approve:
        raise AlreadyApproved
    check_plan(plan)
    columns = _columns(plan)
    columns["title"] = plan.title or round.title
    columns["office_name"] = plan.office_name or round.office_name
    changed = sorted(name for name, value in columns.items() if getattr(round, name) != value)
    for name in changed:
        setattr(round, name, columns[name])
    try:
        session.flush()
    except IntegrityError as refused:  # the database's own guard, should the lock ever be forgotten
        raise RulesFrozen from refused
    if changed:
        record(
            session,
            actor,
            "round.change",
            now=now,
            kind="round",
            id=round.id,
            area_path=round.area.path,
            changed=changed,
        )
    return round


def _columns(plan: Plan) -> dict[str, Any]:
    return asdict(plan) | {"allocation": plan.allocation.value}


def _office_of(session: Session, area: Area) -> str:
    """Return the name of the community that takes objections: the estate's parent, or the area itself."""
    parent = session.get(Area, area.parent_id) if area.parent_id else None
    return parent.name if parent and area.level == Level.ESTATE else area.name


def rounds_in(session: Session, area: Area, *, now: datetime, page: int = 1) -> RoundPage:
    """Return a page of the rounds inside an area, in the order of ``in_order``."""
    inside = Area.path.startswith(area.path, autoescape=True)
    total = session.scalar(select(func.count()).select_from(Round).join(Round.area).where(inside))
    pages = max(-(-(total or 0) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    query = in_order(select(Round).join(Round.area).where(inside), now)
    rounds = session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return RoundPage(list(rounds), page, pages)


def all_rounds(session: Session, *, now: datetime) -> list[Round]:
    """Return every round: those with a vote on first, then by opening, newest first."""
    return list(session.scalars(in_order(select(Round), now)))


def public_rounds(
    session: Session, *, now: datetime, search: str = "", limit: int = PER_PAGE
) -> list[Round]:
    """Return real rounds that anybody may see; ``search`` narrows to titles that contain it."""
    public = [phase.value for phase in PUBLIC]
    query = select(Round).where(
        Round.kind == "real",
        Round.phase.in_(public),
        # A round that ended before anybody could see it stays unseen.
        or_(
            Round.phase != Phase.TERMINATED.value,
            exists().where(PhaseChange.round_id == Round.id, PhaseChange.before.in_(public)),
        ),
    )
    if search:
        query = query.where(Round.title.contains(search, autoescape=True))
    return list(session.scalars(in_order(query, now).limit(limit)))


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
    """Tell whether anybody may see a round: a terminated one if it had been public before."""
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
    """Return the papers issued about a round, latest first."""
    about = select(Notice).where(Notice.round_id == round_id)
    return list(session.scalars(about.order_by(Notice.issued_at.desc(), Notice.number.desc())))


def settle(session: Session, *, now: datetime, round_id: str | None = None) -> int:
    """Write down the phases the clock has brought, of one round or of all; return how many rounds moved.

    Everybody reads ``Round.phase_at``, so nothing depends on when this runs.
    """
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    due = or_(
        and_(Round.phase == Phase.VOTE_ANNOUNCED.value, Round.opens_at <= now),
        and_(Round.phase == Phase.VOTING.value, closing <= now),
    )
    query = select(Round).where(due).with_for_update(of=Round)
    if round_id is not None:
        query = query.where(Round.id == round_id)
    rounds = session.scalars(query.execution_options(populate_existing=True)).all()
    for round in rounds:
        _settle(session, round, now)
    session.flush()
    return len(rounds)


def _settle(session: Session, round: Round, now: datetime) -> None:
    if round.phase == Phase.VOTE_ANNOUNCED:
        note_step(session, round, Phase.VOTING, at=round.opens_at, by=BY_CLOCK)
    if round.closing <= now:
        note_step(session, round, Phase.COUNTING, at=round.closing, by=BY_CLOCK)


def note_step(
    session: Session, round: Round, after: Phase, *, at: datetime, by: str, reason: str = ""
) -> None:
    """Store a phase and its place in the history; whether the step is allowed was asked before."""
    session.add(
        PhaseChange(
            round_id=round.id, before=round.phase, after=after.value, at=at, by=by, reason=reason
        )
    )
    round.phase = after.value
