"""The story of a project for the neighbours: votes, money, people, days, photographs, papers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.delivery.models import (
    Milestone,
    ProgressEntry,
    Project,
    ProjectChange,
    ProjectPhoto,
    Spending,
)
from voting.delivery.rules.facts import days_late
from voting.delivery.rules.states import ProjectState
from voting.delivery.service.finding import (
    candidates_in,
    changes_of,
    entries_of,
    milestones_of,
    photos_of,
    spending_of,
    voted_of,
)
from voting.delivery.service.listing import ProjectLine, lines_of
from voting.notices.models import Notice
from voting.notices.service import PUBLIC
from voting.proposals.models import Candidate
from voting.results.service import facts_of, find_result
from voting.rounds.models import Round
from voting.rounds.service import get_round

_HALTED = (ProjectState.SUSPENDED, ProjectState.CHANGING, ProjectState.TERMINATED)


@dataclass(frozen=True)
class Chosen:
    """A candidate that the project carries out, with its votes and place if the result is declared."""

    candidate: Candidate
    votes: int | None
    rank: int | None


@dataclass(frozen=True)
class Step:
    """A milestone on the time line, and how many days it is or was late."""

    milestone: Milestone
    late: int

    @property
    def state(self) -> str:
        """How the time line draws it."""
        return "done" if self.milestone.done_on else "next"


@dataclass(frozen=True)
class Story:
    """Everything the public page shows."""

    line: ProjectLine
    round: Round
    chosen: list[Chosen]
    voted: int
    payments: list[Spending]
    steps: list[Step]
    before: list[ProjectPhoto]
    during: list[ProjectPhoto]
    after: list[ProjectPhoto]
    entries: list[ProgressEntry]
    papers: list[Notice]
    halt: ProjectChange | None
    has_result: bool


def tell(session: Session, project: Project, *, today: date) -> Story:
    """Return the story of a project as it stands."""
    photos, changes = photos_of(session, project.id), changes_of(session, project.id)
    chosen, has_result = _chosen(session, project)
    return Story(
        line=lines_of(session, [project], today=today)[0],
        round=get_round(session, project.round_id),
        chosen=chosen,
        voted=voted_of(session, project.id),
        payments=[one for one in spending_of(session, project.id) if one.voided_at is None],
        steps=[
            Step(one, days_late(one.planned_on, one.done_on, today))
            for one in milestones_of(session, project.id)
        ],
        before=[photo for photo in photos if photo.stage == "before"],
        during=[photo for photo in photos if photo.stage == "during"],
        after=[photo for photo in photos if photo.stage == "after"],
        entries=entries_of(session, project.id),
        papers=_papers(session, changes),
        halt=_halt(project, changes),
        has_result=has_result,
    )


def _chosen(session: Session, project: Project) -> tuple[list[Chosen], bool]:
    candidates = candidates_in(session, project.id)
    stored = find_result(session, project.round_id)
    if stored is None or stored.declared_at is None:
        return [Chosen(one, None, None) for one in candidates], False
    lines = {line.number: line for line in facts_of(session, project.round_id).projects}
    chosen = []
    for one in candidates:
        line = lines.get(one.ballot_number or 0)
        chosen.append(Chosen(one, line.votes if line else None, line.rank if line else None))
    return chosen, True


def _papers(session: Session, changes: list[ProjectChange]) -> list[Notice]:
    ids = [change.notice_id for change in changes if change.notice_id]
    shown = select(Notice).where(Notice.id.in_(ids), Notice.audience == PUBLIC)
    return list(session.scalars(shown.order_by(Notice.issued_at.desc())))


def _halt(project: Project, changes: list[ProjectChange]) -> ProjectChange | None:
    """Return the step that stopped the work, as long as it stands still."""
    if project.terminated_at is None and ProjectState(project.state) not in _HALTED:
        return None
    stops = [change for change in changes if ProjectState(change.after) in _HALTED]
    return stops[-1] if stops else None
