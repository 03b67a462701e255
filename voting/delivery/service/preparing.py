"""Who answers for a project and what it is to reach; its milestones; what happened, day by day."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.delivery.models import Milestone, ProgressEntry, Project
from voting.delivery.rules.conditions import ReasonMissing
from voting.delivery.rules.facts import (
    MOST_MILESTONES,
    MilestoneFacts,
    Responsibility,
    check_not_ahead,
)
from voting.delivery.service.finding import hold_open, may_be_id, milestones_of
from voting.delivery.service.noting import note
from voting.delivery.service.once import already, insert_once
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor

_AWAY = 1_000_000  # two milestones that swap places would meet halfway


class TooManyMilestones(Refusal):
    """More points than anybody can follow."""

    msgid = "一个项目最多 %(most)d 个节点。请把小的合并。"


class MilestoneDone(Refusal):
    """It has been noted as done, on another day."""

    msgid = "这个节点已经登记过完成了。日期填错的话，请点“改”，写明理由。"


class MeasureNameMissing(Refusal):
    """A number of what?"""

    msgid = "请写明数的是什么，例如：停车位。"
    status = 422
    field = "measure"


def set_responsibility(
    session: Session, *, now: datetime, actor: Actor, project_id: str, facts: Responsibility
) -> Project:
    """Write down target, responsible unit and person, leader and measure; the journal keeps what changed."""
    project = hold_open(session, actor, project_id)
    if (facts.measure_before, facts.measure_after) != (None, None) and not facts.measure:
        raise MeasureNameMissing
    changed = [name for name, value in asdict(facts).items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, getattr(facts, name))
    if changed:
        note(session, actor, "project.prepare", now=now, project=project, changed=changed)
    return project


def add_milestone(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    key: str,
    facts: MilestoneFacts,
) -> Milestone:
    """Add a milestone after the others; sent again, the same form adds nothing."""
    project = hold_open(session, actor, project_id)
    made = already(session, Milestone, key, project_id=project.id)
    if made is not None:
        return made
    mine = Milestone.project_id == project.id
    count, last = session.execute(
        select(func.count(), func.max(Milestone.position)).where(mine)
    ).one()
    if count >= MOST_MILESTONES:
        raise TooManyMilestones(most=MOST_MILESTONES)
    milestone = Milestone(
        id=key, project_id=project.id, position=(last or 0) + 1, title=facts.title,
        person=facts.person, planned_on=facts.planned_on, done_on=None,
    )  # fmt: skip
    if insert_once(session, milestone):
        note(
            session, actor, "project.milestone_add", now=now, project=project,
            milestone=milestone.id, planned_on=facts.planned_on.isoformat(),
        )  # fmt: skip
    return milestone


def change_milestone(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    milestone_id: str,
    facts: MilestoneFacts,
    done_on: date | None,
    reason: str,
) -> Milestone:
    """Change a milestone with a reason, which the journal keeps together with the days before and after."""
    project = hold_open(session, actor, project_id)
    milestone = get_milestone(session, project.id, milestone_id)
    if not reason:
        raise ReasonMissing
    if done_on is not None:
        check_not_ahead(done_on, local_day(now), field="done_on")
    before = (milestone.planned_on, milestone.done_on)
    milestone.title, milestone.person = facts.title, facts.person
    milestone.planned_on, milestone.done_on = facts.planned_on, done_on
    note(
        session, actor, "project.milestone_change", now=now, project=project, milestone=milestone.id,
        old=[_iso(day) for day in before], new=[_iso(facts.planned_on), _iso(done_on)],
        reason=reason,
    )  # fmt: skip
    return milestone


def finish_milestone(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    milestone_id: str,
    done_on: date,
) -> Milestone:
    """Note that a milestone was reached on a day; the same day again changes nothing."""
    project = hold_open(session, actor, project_id)
    milestone = get_milestone(session, project.id, milestone_id)
    check_not_ahead(done_on, local_day(now), field="done_on")
    reached = session.execute(
        update(Milestone)
        .where(Milestone.id == milestone.id, Milestone.done_on.is_(None))
        .values(done_on=done_on)
        .returning(Milestone.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(milestone)
    if reached is None and milestone.done_on != done_on:
        raise MilestoneDone
    if reached is not None:
        note(
            session, actor, "project.milestone_done", now=now, project=project,
            milestone=milestone.id, done_on=done_on.isoformat(),
        )  # fmt: skip
    return milestone


def raise_milestone(
    session: Session, *, now: datetime, actor: Actor, project_id: str, milestone_id: str
) -> None:
    """Let a milestone change places with the one before it; the first stays where it is."""
    project = hold_open(session, actor, project_id)
    get_milestone(session, project.id, milestone_id)
    ordered = milestones_of(session, project.id)
    at = next(index for index, one in enumerate(ordered) if one.id == milestone_id)
    if at == 0:
        return
    lower, upper = ordered[at], ordered[at - 1]
    places = lower.position, upper.position
    lower.position = _AWAY
    session.flush()
    upper.position = places[0]
    session.flush()
    lower.position = places[1]
    note(
        session, actor, "project.milestone_raise", now=now, project=project, milestone=lower.id
    )  # fmt: skip


def add_entry(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    key: str,
    day: date,
    words: str,
) -> ProgressEntry:
    """Write down what happened on a day, for the neighbours; sent again, the same form adds nothing."""
    project = hold_open(session, actor, project_id)
    check_not_ahead(day, local_day(now))
    made = already(session, ProgressEntry, key, project_id=project.id)
    if made is not None:
        return made
    entry = ProgressEntry(
        id=key, project_id=project.id, day=day, words=words, at=now, by=actor.id
    )  # fmt: skip
    if insert_once(session, entry):
        note(session, actor, "project.progress", now=now, project=project, entry=entry.id)
    return entry


def get_milestone(session: Session, project_id: str, milestone_id: str) -> Milestone:
    """Return a milestone of this project; raise NotFound for another one's as for none."""
    milestone = session.get(Milestone, milestone_id) if may_be_id(milestone_id) else None
    if milestone is None or milestone.project_id != project_id:
        raise NotFound
    return milestone


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
