"""Funded projects and what has become of them; nobody's name is among it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from voting.api.rules import Json, day_or_none, moment, moment_or_none, money, money_or_none
from voting.api.service.asking import Asked, Key, everything, newest_first, part
from voting.areas.models import Area
from voting.delivery.models import Project
from voting.delivery.service import (
    ProjectLine,
    Wanted,
    everything_public,
    lines_of,
    public_project,
)
from voting.delivery.service.telling import Story, tell
from voting.errors import NotFound
from voting.rounds.models import Round

_KEYS = (newest_first(Project.opened_at), Key(Project.code))


def project_part(
    session: Session,
    asked: Asked,
    *,
    today: date,
    area: Area | None = None,
    round: Round | None = None,
) -> Json:
    """Return a part of the projects, the latest first."""
    return part(
        session, _projects(area, round), _KEYS, asked,
        lambda rows: [_written(line) for line in lines_of(session, rows, today=today)],
    )  # fmt: skip


def all_projects(
    session: Session, *, today: date, area: Area | None = None, round: Round | None = None
) -> Sequence[ProjectLine]:
    """Return the projects for a table; raise TooMany."""
    return lines_of(session, everything(session, _projects(area, round), _KEYS), today=today)


def seen_project(session: Session, project_id: str) -> Project:
    """Return a project that anybody may see; raise NotFound."""
    found = public_project(session, project_id)
    if found is None:
        raise NotFound
    return found


def project_story(session: Session, project_id: str, *, today: date) -> Json:
    """Return a project with its milestones, payments, progress and photographs; raise NotFound."""
    story = tell(session, seen_project(session, project_id), today=today)
    project = story.line.project
    return {
        **_written(story.line),
        "voted_budget": money(story.voted),
        "target": project.target,
        "unit": project.unit,
        "contractor": project.contractor,
        **_noted(story),
    }


def _noted(story: Story) -> Json:
    return {
        "milestones": [
            {
                "position": step.milestone.position,
                "title": step.milestone.title,
                "planned_on": step.milestone.planned_on.isoformat(),
                "done_on": day_or_none(step.milestone.done_on),
                "days_late": step.late,
            }
            for step in story.steps
        ],
        "payments": [
            {"day": one.day.isoformat(), "amount": money(one.amount), "purpose": one.purpose}
            for one in story.payments
        ],
        "progress": [{"day": one.day.isoformat(), "words": one.words} for one in story.entries],
        "photos": [
            {
                "stage": one.stage,
                "caption": one.caption,
                "taken_on": day_or_none(one.taken_on),
                "picture": f"/pictures/{one.digest}.jpg",
            }
            for one in (*story.before, *story.during, *story.after)
        ],
        "chosen": [
            {
                "candidate_id": one.candidate.id,
                "title": one.candidate.title,
                "votes": one.votes,
                "rank": one.rank,
            }
            for one in story.chosen
        ],
        "notices": [one.number for one in story.papers],
    }


def _projects(area: Area | None, round: Round | None) -> Select[Any]:
    wanted = Wanted(area=area, round_id=round.id if round else "")
    return everything_public().where(*wanted.conditions())


def _written(line: ProjectLine) -> Json:
    project = line.project
    return {
        "id": project.id,
        "code": project.code,
        "title": project.title,
        "category": project.category,
        "place": project.place,
        "sentence": project.sentence,
        "beneficiaries": project.beneficiaries,
        "area_id": project.area_id,
        "area_name": project.area.name,
        "round_id": project.round_id,
        "state": line.word.value,
        "state_name": line.state,
        "budget": money(project.budget),
        "spent": money(line.spent),
        "contract_sum": money_or_none(project.contract_sum),
        "final_cost": money_or_none(project.final_cost),
        "milestones_done": line.done,
        "milestones_total": line.total,
        "milestones_late": line.late,
        "opened_at": moment(project.opened_at),
        "ended_early_at": moment_or_none(project.terminated_at),
        "page": f"/projects/{project.id}",
    }
