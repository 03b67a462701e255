"""A round is opened as a draft, and its plan is changed until the vote is announced."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.areas.models import Area, Level
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.rounds.models import Round
from voting.rounds.rules import Phase, Plan, check_plan
from voting.rounds.service.finding import RulesFrozen, _may_be_id, hold_unfrozen
from voting.rounds.service.officers import put_officers

REHEARSAL_MARK = "【演练】"
_TITLE_MOST = 60
_CHOSEN = ("allocation", "seal_way", "publication", "ballot_kind", "draw_way")
_ROUND_LEVELS = (Level.COMMUNITY, Level.ESTATE)


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


def create_round(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    area_id: str,
    plan: Plan,
    kind: str = "real",
    officer_ids: Sequence[str] = (),
) -> Round:
    """Open a round as a draft, run by these officers; a rehearsal's title says what it is.

    Raises NotFound for an area or an officer outside the actor's, or what the plan or the team lacks.
    """
    area = session.get(Area, area_id) if _may_be_id(area_id) else None
    if area is None or not area.path.startswith(actor.area_path):
        raise NotFound
    if area.level not in _ROUND_LEVELS:
        raise WrongLevel
    check_plan(plan)
    round = Round(area=area, kind=kind, created_at=now, created_by=actor.id, **plan_columns(plan))
    round.title = plan.title or f"{area.name}{local_day(plan.opens_at).year}年“幸福微实事”项目票决"
    if kind == "rehearsal" and not round.title.startswith(REHEARSAL_MARK):
        round.title = f"{REHEARSAL_MARK}{round.title}"[:_TITLE_MOST]
    round.office_name = plan.office_name or _office_of(session, area)
    session.add(round)
    session.flush()
    if officer_ids:
        put_officers(session, round, officer_ids)
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
    columns = plan_columns(plan)
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


def plan_columns(plan: Plan) -> dict[str, Any]:
    """Return the columns of a round that a plan decides; choices are stored by value, several with commas."""
    chosen = {name: getattr(plan, name).value for name in _CHOSEN}
    listed = {name: ",".join(getattr(plan, name)) for name in ("channels", "second_factors")}
    return asdict(plan) | chosen | listed


def _office_of(session: Session, area: Area) -> str:
    """Return the name of the community that takes objections: the estate's parent, or the area itself."""
    parent = session.get(Area, area.parent_id) if area.parent_id else None
    return parent.name if parent and area.level == Level.ESTATE else area.name
