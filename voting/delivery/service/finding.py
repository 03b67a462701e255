"""A project and what belongs to it are found, and held while somebody changes them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.delivery.models import (
    Milestone,
    ProgressEntry,
    Project,
    ProjectCandidate,
    ProjectChange,
    ProjectPhoto,
    Spending,
)
from voting.delivery.rules.conditions import PackedAway
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.proposals.models import Candidate

_LONGEST_ID = 64
_OVER = frozenset({ProjectState.DONE, ProjectState.ARCHIVED, ProjectState.TERMINATED})


class ProjectOver(Refusal):
    """What is over stays as it was left."""

    msgid = "这个项目已经是“%(state)s”，内容不能再改。"


def may_be_id(text: str) -> bool:
    """Tell whether a text can be an id of ours."""
    return text.isascii() and text.isalnum() and len(text) <= _LONGEST_ID


def get_project(session: Session, project_id: str, *, within: Area | None = None) -> Project:
    """Return a project, of an area or below it; raise NotFound."""
    project = session.get(Project, project_id) if may_be_id(project_id) else None
    if project is None or (within is not None and not project.area.lies_in(within)):
        raise NotFound
    return project


def own_project(session: Session, actor: Actor, project_id: str) -> Project:
    """Return a project inside the actor's area as it is now; raise NotFound."""
    project = get_project(session, project_id)
    session.flush()
    session.refresh(project)
    if not project.area.path.startswith(actor.area_path):
        raise NotFound
    return project


def hold_open(session: Session, actor: Actor, project_id: str) -> Project:
    """Return a project whose content may change, and let nobody else change it until the end of this act.

    Raises NotFound, PackedAway or ProjectOver.
    """
    project = own_project(session, actor, project_id)
    held = {"of": Project}
    session.refresh(project, with_for_update=held)
    if is_packed_away(session, project.id):
        raise PackedAway
    if ProjectState(project.state) in _OVER:
        raise ProjectOver(state=STATE_NAMES[ProjectState(project.state)])
    return project


def is_open(project: Project) -> bool:
    """Tell whether a project's content may still be changed."""
    return ProjectState(project.state) not in _OVER


def is_packed_away(session: Session, project_id: str) -> bool:
    """Tell whether a project's candidates are carried out by another one."""
    mine = select(ProjectCandidate.candidate_id).where(ProjectCandidate.project_id == project_id)
    return session.scalars(mine.limit(1)).one_or_none() is None


def candidates_in(session: Session, project_id: str) -> list[Candidate]:
    """Return the candidates that a project carries out, by ballot number."""
    found = (
        select(Candidate)
        .join(ProjectCandidate, ProjectCandidate.candidate_id == Candidate.id)
        .where(ProjectCandidate.project_id == project_id)
    )
    return list(session.scalars(found.order_by(Candidate.ballot_number, Candidate.id)))


def changes_of(session: Session, project_id: str) -> list[ProjectChange]:
    """Return the steps of a project, oldest first; of one moment, each after the one that led to it."""
    found = select(ProjectChange).where(ProjectChange.project_id == project_id)
    left = list(session.scalars(found.order_by(ProjectChange.at, ProjectChange.id)))
    steps: list[ProjectChange] = []
    while left:
        here = steps[-1].after if steps else ProjectState.TO_APPROVE.value
        same_moment = (step for step in left if step.at == left[0].at)
        steps.append(next((step for step in same_moment if step.before == here), left[0]))
        left.remove(steps[-1])
    return steps


def milestones_of(session: Session, project_id: str) -> list[Milestone]:
    """Return the milestones of a project in their order."""
    found = select(Milestone).where(Milestone.project_id == project_id)
    return list(session.scalars(found.order_by(Milestone.position)))


def photos_of(session: Session, project_id: str) -> list[ProjectPhoto]:
    """Return the photographs of a project that were not removed, oldest first."""
    found = select(ProjectPhoto).where(
        ProjectPhoto.project_id == project_id, ProjectPhoto.removed_at.is_(None)
    )
    return list(session.scalars(found.order_by(ProjectPhoto.added_at, ProjectPhoto.id)))


def entries_of(session: Session, project_id: str) -> list[ProgressEntry]:
    """Return what was noted of a project, latest first."""
    found = select(ProgressEntry).where(ProgressEntry.project_id == project_id)
    return list(session.scalars(found.order_by(ProgressEntry.day.desc(), ProgressEntry.at.desc())))


def spending_of(session: Session, project_id: str) -> list[Spending]:
    """Return the payments of a project, voided ones too, latest first."""
    found = select(Spending).where(Spending.project_id == project_id)
    return list(session.scalars(found.order_by(Spending.day.desc(), Spending.entered_at.desc())))


def spent_of(session: Session, project_id: str) -> int:
    """Return what was paid for a project, in cents, without what was voided."""
    valid = (Spending.project_id == project_id, Spending.voided_at.is_(None))
    return int(session.scalar(select(func.sum(Spending.amount)).where(*valid)) or 0)


def voted_of(session: Session, project_id: str) -> int:
    """Return the budget that the vote gave to what a project carries out, in cents."""
    return sum(candidate.cost for candidate in candidates_in(session, project_id))
