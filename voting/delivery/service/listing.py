"""Lists of projects: a round's, an officer's, the public's. A page asks a few questions however long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.delivery.models import Milestone, Project, Spending
from voting.delivery.rules.progress import percent_of, written_state
from voting.delivery.rules.states import (
    ProjectState,
    PublicState,
    public_state,
    states_of,
)
from voting.delivery.service.finding import may_be_id
from voting.delivery.service.opening import carries_candidates
from voting.rounds.models import Round

PER_PAGE = 50
_OVER = [ProjectState.DONE.value, ProjectState.ARCHIVED.value, ProjectState.TERMINATED.value]
_RUNNING = (PublicState.BUILDING, PublicState.PREPARING, PublicState.FINISHED)
# What the neighbours ask about first.
_FIRST = (
    PublicState.BUILDING, PublicState.PREPARING, PublicState.FINISHED, PublicState.WAITING,
    PublicState.ACCEPTED, PublicState.TERMINATED,
)  # fmt: skip


@dataclass(frozen=True)
class ProjectLine:
    """A project as lists show it: milestones done of all, in hundredths too, the public word, money paid."""

    project: Project
    done: int
    total: int
    late: int
    spent: int

    @property
    def percent(self) -> int:
        """How many hundredths of the milestones are done."""
        return percent_of(self.done, self.total)

    @property
    def word(self) -> PublicState:
        """The public word of its state."""
        is_terminated = self.project.terminated_at is not None
        return public_state(ProjectState(self.project.state), is_terminated=is_terminated)

    @property
    def state(self) -> str:
        """The public word, with the fine state in brackets."""
        is_terminated = self.project.terminated_at is not None
        return written_state(self.project.state, is_terminated=is_terminated)


@dataclass(frozen=True)
class ProjectPage:
    """One page of projects; pages count from 1."""

    lines: list[ProjectLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; an area holds everything below it."""

    area: Area | None = None
    round_id: str = ""
    word: PublicState | None = None
    state: ProjectState | None = None
    words: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of a project."""
        found: list[ColumnElement[bool]] = []
        if self.area is not None:
            inside = Area.path.startswith(self.area.path, autoescape=True)
            found.append(Project.area_id.in_(select(Area.id).where(inside)))
        if self.round_id:
            known = may_be_id(self.round_id)
            found.append(Project.round_id == self.round_id if known else false())
        if self.state is not None:
            found.append(Project.state == self.state.value)
        if self.word is not None:
            found.append(_reads(self.word))
        if self.words:
            found.append(
                or_(
                    Project.title.contains(self.words, autoescape=True),
                    Project.place.contains(self.words, autoescape=True),
                )
            )
        return found


def desk_projects(
    session: Session, *, today: date, wanted: Wanted, page: int = 1, per_page: int = PER_PAGE
) -> ProjectPage:
    """Return a page of projects for the desk: those with a milestone overdue first."""
    late = exists().where(
        Milestone.project_id == Project.id,
        Milestone.done_on.is_(None),
        Milestone.planned_on < today,
        Project.state.not_in(_OVER),
    )
    query = select(Project).where(carries_candidates(), *wanted.conditions())
    ordered = query.order_by(case((late, 0), else_=1), Project.opened_at.desc(), Project.code)
    return _page(session, query, ordered, today=today, page=page, per_page=per_page)


def public_projects(
    session: Session, *, today: date, wanted: Wanted | None = None, page: int = 1
) -> ProjectPage:
    """Return a page of projects that anybody may see: those being built first."""
    query = everything_public().where(*(wanted or Wanted()).conditions())
    ordered = query.order_by(_by_word(), Project.opened_at.desc(), Project.code)
    return _page(session, query, ordered, today=today, page=page, per_page=PER_PAGE)


def public_project(session: Session, project_id: str) -> Project | None:
    """Return a project if anybody may see it."""
    if not may_be_id(project_id):
        return None
    return session.scalars(everything_public().where(Project.id == project_id)).one_or_none()


def in_progress(session: Session, limit: int, *, today: date) -> list[ProjectLine]:
    """Return the works that are going on, the one that moved last first."""
    running = or_(*(_reads(word) for word in _RUNNING))
    query = (
        everything_public()
        .where(running)
        .order_by(_by_word(), Project.changed_at.desc(), Project.id)
    )
    return lines_of(session, session.scalars(query.limit(limit)).all(), today=today)


def projects_of(session: Session, round_id: str, *, today: date) -> list[ProjectLine]:
    """Return all projects of a round in the order of their numbers."""
    query = select(Project).where(Project.round_id == round_id, carries_candidates())
    return lines_of(session, session.scalars(query.order_by(Project.code)).all(), today=today)


def public_counts(session: Session, wanted: Wanted) -> dict[PublicState, int]:
    """Return how many public projects read each of the six words."""
    rows = session.execute(
        everything_public()
        .where(*wanted.conditions())
        .with_only_columns(Project.state, Project.terminated_at.is_not(None), func.count())
        .group_by(Project.state, Project.terminated_at.is_not(None))
        .order_by(None)
    )
    counts = dict.fromkeys(PublicState, 0)
    for state, is_terminated, count in rows:
        counts[public_state(ProjectState(state), is_terminated=bool(is_terminated))] += count
    return counts


def areas_with_projects(session: Session) -> list[Area]:
    """Return the areas that have public projects, by name."""
    ids = everything_public().with_only_columns(Project.area_id).order_by(None)
    return list(session.scalars(select(Area).where(Area.id.in_(ids)).order_by(Area.name, Area.id)))


def lines_of(session: Session, projects: Sequence[Project], *, today: date) -> list[ProjectLine]:
    """Return projects with their figures, in two questions for all of them."""
    ids = [project.id for project in projects]
    is_late = and_(Milestone.done_on.is_(None), Milestone.planned_on < today)
    reached = session.execute(
        select(
            Milestone.project_id,
            func.count(Milestone.done_on),
            func.count(),
            func.count().filter(is_late),
        )
        .where(Milestone.project_id.in_(ids))
        .group_by(Milestone.project_id)
    )
    steps = {row[0]: (row[1], row[2], row[3]) for row in reached}
    paid = session.execute(
        select(Spending.project_id, func.sum(Spending.amount))
        .where(Spending.project_id.in_(ids), Spending.voided_at.is_(None))
        .group_by(Spending.project_id)
    )
    spent = {row[0]: int(row[1]) for row in paid}
    return [_line(project, steps.get(project.id, (0, 0, 0)), spent) for project in projects]


def _line(project: Project, steps: tuple[int, int, int], spent: dict[str, int]) -> ProjectLine:
    done, total, late = steps
    late = 0 if project.state in _OVER else late
    return ProjectLine(project, done, total, late, spent.get(project.id, 0))


def everything_public() -> Select[Any]:
    """Return the query of everything public: never a rehearsal, nothing that was packed away."""
    return (
        select(Project)
        .join(Round, Round.id == Project.round_id)
        .where(Round.kind == "real", carries_candidates())
    )


def _reads(word: PublicState) -> ColumnElement[bool]:
    states = Project.state.in_([state.value for state in states_of(word)])
    if word is PublicState.TERMINATED:
        return Project.terminated_at.is_not(None)
    return and_(states, Project.terminated_at.is_(None))


def _by_word() -> ColumnElement[int]:
    return case(*((_reads(word), place) for place, word in enumerate(_FIRST)), else_=len(_FIRST))


def _page(
    session: Session,
    query: Select[Any],
    ordered: Select[Any],
    *,
    today: date,
    page: int,
    per_page: int,
) -> ProjectPage:
    counted = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = session.scalar(counted) or 0
    pages = max(-(-total // per_page), 1)
    page = min(max(page, 1), pages)
    found = session.scalars(ordered.limit(per_page).offset((page - 1) * per_page)).all()
    return ProjectPage(lines_of(session, found, today=today), total, page, pages)
