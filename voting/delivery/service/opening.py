"""Funded candidates become projects when the result is confirmed; how far a round's projects have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.areas.models import Area, Level
from voting.areas.service import areas_above
from voting.clock import local_day
from voting.delivery.models import Project, ProjectCandidate, ProjectChange
from voting.delivery.rules.numbering import next_code, prefix_of
from voting.delivery.rules.states import ProjectState
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate
from voting.rounds.models import Round

_TRIES = 5
_ENDED = (ProjectState.DONE, ProjectState.TERMINATED, ProjectState.ARCHIVED)


class NumbersOvertaken(Refusal):
    """Other projects took the numbers again and again."""

    msgid = "项目编号刚刚被别的项目用了。请再办一次。"


@dataclass(frozen=True)
class ProjectCounts:
    """How many projects a round has, how many the street has approved, how many are over."""

    total: int
    approved: int
    ended: int


def open_projects(
    session: Session, *, now: datetime, actor: Actor, round: Round, candidates: Sequence[Candidate]
) -> list[Project]:
    """Open one project for each funded candidate that has none yet, and return all of the given order."""
    return [
        _project_of(session, candidate)
        or open_project(session, now=now, actor=actor, round=round, candidate=candidate)
        for candidate in candidates
    ]


def open_project(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round: Round,
    candidate: Candidate,
    reason: str = "",
) -> Project:
    """Open the project of one candidate under the next number of its area and year."""
    project = _numbered(session, now, round, candidate)
    session.add(ProjectCandidate(project_id=project.id, candidate_id=candidate.id))
    session.add(
        ProjectChange(
            project_id=project.id,
            act="project.open",
            before=ProjectState.TO_APPROVE.value,
            after=ProjectState.TO_APPROVE.value,
            at=now,
            by=actor.id,
            reason=reason,
        )
    )
    session.flush()
    record(
        session, actor, "project.open", now=now, kind="project", id=project.id,
        area_path=round.area.path, round=round.id, code=project.code,
    )  # fmt: skip
    return project


def project_counts(session: Session, round_id: str) -> ProjectCounts:
    """Count a round's projects; what was packed into another one counts with that one."""
    mine = (Project.round_id == round_id, carries_candidates())
    was_approved = exists().where(
        ProjectChange.project_id == Project.id,
        ProjectChange.before == ProjectState.TO_APPROVE.value,
        ProjectChange.after == ProjectState.APPROVED.value,
    )
    past = Project.state.not_in([ProjectState.TO_APPROVE.value, ProjectState.TERMINATED.value])
    row = session.execute(
        select(
            func.count(),
            func.count().filter(or_(past, was_approved)),
            func.count().filter(Project.state.in_([state.value for state in _ENDED])),
        )
        .select_from(Project)
        .where(*mine)
    ).one()
    return ProjectCounts(total=row[0], approved=row[1], ended=row[2])


def carries_candidates() -> ColumnElement[bool]:
    """Return the condition that a project carries out something, not packed away into another."""
    return exists().where(ProjectCandidate.project_id == Project.id)


def _project_of(session: Session, candidate: Candidate) -> Project | None:
    found = (
        select(Project)
        .join(ProjectCandidate, ProjectCandidate.project_id == Project.id)
        .where(ProjectCandidate.candidate_id == candidate.id)
    )
    return session.scalars(found.limit(1)).one_or_none()


def _numbered(session: Session, now: datetime, round: Round, candidate: Candidate) -> Project:
    prefix = _prefix(session, round, local_day(now).year)
    for _ in range(_TRIES):
        taken = select(Project.code).where(Project.code.startswith(prefix, autoescape=True))
        project = _of_candidate(round, candidate, now)
        project.code = next_code(prefix, session.scalars(taken))
        try:
            with session.begin_nested():
                session.add(project)
        except IntegrityError:  # a round of another estate of the same name took the number
            continue
        return project
    raise NumbersOvertaken


def _prefix(session: Session, round: Round, year: int) -> str:
    line: list[Area] = [*areas_above(session, round.area), round.area]
    below = [area.name for area in line if area.level != Level.DISTRICT]
    return prefix_of(below or [round.area.name], year, is_rehearsal=round.kind == "rehearsal")


def _of_candidate(round: Round, candidate: Candidate, now: datetime) -> Project:
    return Project(
        round_id=round.id,
        area_id=round.area_id,
        title=candidate.title,
        category=candidate.category,
        place=candidate.place,
        sentence=candidate.sentence,
        beneficiaries=candidate.beneficiaries,
        budget=candidate.cost,
        picture=candidate.picture,
        opened_at=now,
        changed_at=now,
    )
