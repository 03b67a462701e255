"""The one function that moves a project from state to state."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.delivery.models import Project, ProjectChange
from voting.delivery.rules.conditions import (
    PackedAway,
    Readiness,
    check_given,
    lacking,
    no_such_step,
)
from voting.delivery.rules.facts import Given
from voting.delivery.rules.states import ProjectState
from voting.delivery.rules.steps import Step, find_step, only_asked
from voting.delivery.service.finding import (
    is_packed_away,
    milestones_of,
    own_project,
    photos_of,
    spent_of,
    voted_of,
)
from voting.delivery.service.noting import note
from voting.delivery.service.papers import leave_paper
from voting.errors import NotAllowed
from voting.journal.rules import Actor
from voting.notices.models import Notice
from voting.permissions import Permission

_NOTHING = Given()


def advance_project(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    key: str,
    reason: str = "",
    given: Given = _NOTHING,
    permissions: frozenset[Permission] | None = None,
    site: str = "",
) -> Project:
    """Take one step of a project; it leaves its change, its paper and an entry in the journal.

    Raises NotFound for a project outside the actor's area, PackedAway, NoSuchStep, NotAllowed, what is
    missing with the step, or the first refusal of ``rules.conditions.lacking``. ``permissions`` are those
    the actor's role holds: asked again here, because the project may have moved since the page was shown.
    """
    project = own_project(session, actor, project_id)
    if is_packed_away(session, project.id):
        raise PackedAway
    before, reason = ProjectState(project.state), reason.strip()
    step = find_step(before, key)
    if step is None:
        raise no_such_step(before)
    if permissions is not None and step.permission not in permissions:
        raise NotAllowed
    given = only_asked(step, given)
    check_given(step, reason, given, today=local_day(now), opened_on=local_day(project.opened_at))
    wanted = lacking(step, readiness(session, project, today=local_day(now)))
    if wanted:
        raise wanted[0]
    _take(session, project, step, now=now)
    paper = leave_paper(
        session, now=now, actor=actor, project=project, step=step, reason=reason, given=given,
        site=site,
    )  # fmt: skip
    _apply(project, step, given, now=now)
    _note(session, actor, project, step, now=now, reason=reason, given=given, paper=paper)
    return project


def readiness(session: Session, project: Project, *, today: date) -> Readiness:
    """Return what the conditions and remarks of a step are about."""
    milestones, photos = milestones_of(session, project.id), photos_of(session, project.id)
    stages = {photo.stage for photo in photos}
    return Readiness(
        target=project.target,
        unit=project.unit,
        person=project.person,
        milestones=len(milestones),
        milestones_done=sum(one.done_on is not None for one in milestones),
        has_photo_before="before" in stages,
        has_photo_after="after" in stages,
        has_measure_after=project.measure_after is not None,
        voted=voted_of(session, project.id),
        spent=spent_of(session, project.id),
        publicity_to=_publicity_to(session, project),
        today=today,
    )


def _publicity_to(session: Session, project: Project) -> date | None:
    if project.state != ProjectState.FINAL_PUBLICITY:
        return None
    last = (
        select(Notice.publicity_to)
        .join(ProjectChange, ProjectChange.notice_id == Notice.id)
        .where(
            ProjectChange.project_id == project.id,
            ProjectChange.after == ProjectState.FINAL_PUBLICITY.value,
        )
    )
    return session.scalars(last.limit(1)).one_or_none()


def _take(session: Session, project: Project, step: Step, *, now: datetime) -> None:
    """Move the project if it still stands where the step begins: of two officers at once one is refused."""
    moved = session.execute(
        taking(project.id, step)
        .values(state=step.after.value, changed_at=now)
        .returning(Project.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(project)
    if moved is None:
        raise no_such_step(ProjectState(project.state))


def taking(project_id: str, step: Step) -> Any:
    """Return the update that may take a step: only from the state in which it begins."""
    return update(Project).where(Project.id == project_id, Project.state == step.before.value)


def _apply(project: Project, step: Step, given: Given, *, now: datetime) -> None:
    if step.after is ProjectState.CONTRACTED:
        project.contractor, project.contract_sum = given.person, given.amount
    elif step.key == "approve-change" and given.amount is not None:
        project.budget = given.amount
    elif step.after is ProjectState.FINAL_PUBLICITY:
        project.final_cost = given.amount
    elif step.after is ProjectState.TERMINATED:
        project.terminated_at = now


def _note(
    session: Session,
    actor: Actor,
    project: Project,
    step: Step,
    *,
    now: datetime,
    reason: str,
    given: Given,
    paper: Notice | None,
) -> None:
    session.add(
        ProjectChange(
            project_id=project.id, act=step.act, before=step.before.value, after=step.after.value,
            at=now, by=actor.id, day=given.day, person=given.person, reason=reason,
            file_digest=given.file_digest, file_name=given.file_name,
            notice_id=paper.id if paper else None,
        )
    )  # fmt: skip
    amount = {} if given.amount is None else {"amount": given.amount}
    note(
        session, actor, step.act, now=now, project=project, before=step.before.value,
        after=step.after.value, paper=paper.number if paper else "", **amount,
    )  # fmt: skip
