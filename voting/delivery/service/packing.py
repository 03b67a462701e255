"""Several works are packed into one project (整合打包) and taken apart again, before the street approves."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.delivery.models import Project, ProjectCandidate, ProjectChange
from voting.delivery.rules.conditions import PackedAway, ReasonMissing
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.delivery.service.finding import candidates_in, is_packed_away, own_project
from voting.delivery.service.noting import note
from voting.delivery.service.opening import open_project
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.proposals.models import Candidate
from voting.rounds.service import get_round

_LEAST = 2


class TooFewProjects(Refusal):
    """One project is no pack."""

    msgid = "请至少勾选两个待立项的项目，再合并。"


class NotWaiting(Refusal):
    """What has been approved is neither packed nor taken apart."""

    msgid = "“%(title)s”已经是“%(state)s”，不能再合并或拆开。只有待立项的项目可以。"


class OnlyCandidate(Refusal):
    """A project keeps at least one candidate."""

    msgid = "这个项目只有一个入选项目，没有可以拆的。"


def pack(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    project_ids: Sequence[str],
    title: str,
    reason: str,
) -> Project:
    """Pack projects of a round into the first of them, which takes the new title and all the money.

    The others end with the reason 并入 and the number of the first, and stay on record. Raises NotFound,
    TooFewProjects, PackedAway, NotWaiting or ReasonMissing.
    """
    projects = [_of_round(session, actor, round_id, id) for id in dict.fromkeys(project_ids)]
    if len(projects) < _LEAST:
        raise TooFewProjects
    if not reason:
        raise ReasonMissing
    # In the order of their ids: two officers who pack the same ones never wait for each other.
    for project in sorted(projects, key=lambda one: one.id):
        _hold_waiting(session, project, now=now)
    target, *others = projects
    for other in others:
        _empty(session, other, target, now=now, actor=actor)
    target.title, target.budget = title, sum(project.budget for project in projects)
    # The same neighbours may profit from several works: a sum would count them twice.
    target.beneficiaries = max(project.beneficiaries for project in projects)
    target.place = _together(project.place for project in projects)
    _note_change(session, target, "project.pack", now=now, actor=actor, reason=reason)
    codes = [other.code for other in others]
    note(session, actor, "project.pack", now=now, project=target, packed=codes, reason=reason)
    return target


def unpack(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    project_id: str,
    candidate_id: str,
    reason: str,
) -> Project:
    """Take a candidate out of a pack into a project of its own with a new number, and return that one.

    Raises NotFound, NotWaiting, OnlyCandidate or ReasonMissing.
    """
    project = own_project(session, actor, project_id)
    _hold_waiting(session, project, now=now)
    inside = candidates_in(session, project.id)
    candidate = next((one for one in inside if one.id == candidate_id), None)
    if candidate is None:
        raise NotFound
    if len(inside) < _LEAST:
        raise OnlyCandidate
    if not reason:
        raise ReasonMissing
    session.delete(session.get_one(ProjectCandidate, (project.id, candidate.id)))
    session.flush()
    left = [one for one in inside if one is not candidate]
    _become(project, left)
    _note_change(session, project, "project.unpack", now=now, actor=actor, reason=reason)
    round = get_round(session, project.round_id)
    opened = open_project(
        session, now=now, actor=actor, round=round, candidate=candidate,
        reason=f"从 {project.code} 拆出：{reason}",
    )  # fmt: skip
    note(
        session, actor, "project.unpack", now=now, project=project, opened=opened.code,
        reason=reason,
    )  # fmt: skip
    return opened


def _of_round(session: Session, actor: Actor, round_id: str, project_id: str) -> Project:
    project = own_project(session, actor, project_id)
    if project.round_id != round_id:
        raise NotFound
    return project


def _hold_waiting(session: Session, project: Project, *, now: datetime) -> None:
    held = session.execute(
        update(Project)
        .where(Project.id == project.id, Project.state == ProjectState.TO_APPROVE.value)
        .values(changed_at=now)
        .returning(Project.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(project)
    if is_packed_away(session, project.id):
        raise PackedAway
    if held is None:
        raise NotWaiting(title=project.title, state=STATE_NAMES[ProjectState(project.state)])


def _empty(
    session: Session, other: Project, target: Project, *, now: datetime, actor: Actor
) -> None:
    mine = select(ProjectCandidate).where(ProjectCandidate.project_id == other.id)
    for link in session.scalars(mine).all():
        session.delete(link)
        session.add(ProjectCandidate(project_id=target.id, candidate_id=link.candidate_id))
    other.state, other.terminated_at = ProjectState.TERMINATED.value, now
    session.add(
        ProjectChange(
            project_id=other.id, act="project.pack", before=ProjectState.TO_APPROVE.value,
            after=ProjectState.TERMINATED.value, at=now, by=actor.id, reason=f"并入 {target.code}",
        )
    )  # fmt: skip
    note(session, actor, "project.packed_away", now=now, project=other, into=target.code)


def _note_change(
    session: Session, project: Project, act: str, *, now: datetime, actor: Actor, reason: str
) -> None:
    waiting = ProjectState.TO_APPROVE.value
    session.add(
        ProjectChange(
            project_id=project.id, act=act, before=waiting, after=waiting, at=now, by=actor.id,
            reason=reason,
        )
    )  # fmt: skip


def _become(project: Project, candidates: Sequence[Candidate]) -> None:
    """Let a project carry out just these; a single one gives it back its own name."""
    project.budget = sum(one.cost for one in candidates)
    project.beneficiaries = max(one.beneficiaries for one in candidates)
    project.place = _together(one.place for one in candidates)
    if len(candidates) == 1:
        only = candidates[0]
        project.title, project.sentence, project.picture = only.title, only.sentence, only.picture
        project.category = only.category


def _together(places: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(places))
