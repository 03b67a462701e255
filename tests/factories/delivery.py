"""Projects in any state, with what belongs to them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from tests.factories.rounds import make_round
from voting.areas.models import Area
from voting.delivery.models import Milestone, ProgressEntry, Project, ProjectPhoto, Spending
from voting.delivery.rules.states import ProjectState
from voting.delivery.service import open_projects
from voting.journal.rules import Actor
from voting.proposals.models import Candidate
from voting.rounds.models import Round
from voting.rounds.rules import Phase

ACTOR = Actor("factory", "工厂", "")
TODAY = date(2026, 11, 23)
TERMINATED = (ProjectState.TERMINATED,)


def make_funded(session: Session, round: Round, **changes: Any) -> Candidate:
    """Make a candidate that the vote funded."""
    mine = select(func.max(Candidate.ballot_number)).where(Candidate.round_id == round.id)
    facts: dict[str, Any] = {
        "title": "加装无障碍扶手",
        "category": "engineering",
        "place": "3栋、4栋楼道",
        "sentence": "给两栋楼的楼道装上扶手，老人上下楼有地方扶。",
        "cost": 48_000_00,
        "beneficiaries": 120,
    }
    candidate = Candidate(
        round_id=round.id,
        ballot_number=(session.scalar(mine) or 0) + 1,
        state="funded",
        **{**facts, **changes},
    )
    session.add(candidate)
    session.flush()
    return candidate


def make_project(
    session: Session,
    *,
    round: Round | None = None,
    area: Area | None = None,
    state: str = ProjectState.TO_APPROVE,
    is_ready: bool = False,
    kind: str = "real",
    now: datetime = NOW,
    title: str = "加装无障碍扶手",
    **changes: Any,
) -> Project:
    """Make a project in ``state``; a ready one has target, unit, person and two milestones."""
    round = round or make_round(session, area=area, kind=kind)
    round.phase = Phase.IMPLEMENTING.value
    candidate = make_funded(session, round, title=title)
    (project,) = open_projects(session, now=now, actor=ACTOR, round=round, candidates=[candidate])
    project.state = state
    if state in TERMINATED:
        project.terminated_at = now
    if is_ready:
        project.target, project.unit, project.person = "扶手从 0 米到 120 米", "站南巷社区", "周平"
        make_milestone(session, project, title="材料进场", position=1)
        make_milestone(session, project, title="安装完成", position=2)
    for name, value in changes.items():
        setattr(project, name, value)
    session.flush()
    return project


def make_milestone(
    session: Session,
    project: Project,
    *,
    title: str = "安装完成",
    position: int = 1,
    planned_on: date = TODAY + timedelta(days=10),
    done_on: date | None = None,
) -> Milestone:
    """Make a milestone."""
    milestone = Milestone(
        project_id=project.id,
        position=position,
        title=title,
        person="周平",
        planned_on=planned_on,
        done_on=done_on,
    )
    session.add(milestone)
    session.flush()
    return milestone


def make_spending(session: Session, project: Project, *, amount: int = 1_000_00) -> Spending:
    """Make a payment."""
    spending = Spending(
        project_id=project.id,
        day=TODAY,
        amount=amount,
        purpose="扶手材料",
        payee="南昌某建材店",
        entered_at=NOW,
        entered_by="factory",
    )
    session.add(spending)
    session.flush()
    return spending


def make_photo(
    session: Session, project: Project, *, stage: str = "before", digest: str = "0" * 64
) -> ProjectPhoto:
    """Make a photograph; its digest names no stored file unless one is given."""
    photo = ProjectPhoto(
        project_id=project.id,
        digest=digest,
        stage=stage,
        caption="楼道",
        added_at=NOW,
        added_by="factory",
    )
    session.add(photo)
    session.flush()
    return photo


def make_entry(
    session: Session, project: Project, *, words: str = "材料到了。", day: date = TODAY
) -> ProgressEntry:
    """Make an entry of what happened."""
    entry = ProgressEntry(project_id=project.id, day=day, words=words, at=NOW, by="factory")
    session.add(entry)
    session.flush()
    return entry
