"""What a feed tells: the papers of a place, and how a project gets on."""

from sqlalchemy.orm import Session

from voting.adapters.feeds import Entry
from voting.areas.models import Area
from voting.clock import at_local
from voting.delivery.models import Project
from voting.delivery.service import entries_of, milestones_of
from voting.figures import day_range
from voting.notices.models import Notice
from voting.rounds.service import public_papers

_MOST = 50


def paper_entries(session: Session, area: Area, *, site: str) -> list[Entry]:
    """Return the latest papers of an area and everything below it."""
    query = public_papers(area).order_by(Notice.issued_at.desc(), Notice.number.desc())
    return [
        Entry(
            key=f"notice/{one.id}",
            title=one.title,
            at=one.issued_at,
            url=f"{site}/notices/{one.number}",
            words=_publicity(one),
        )
        for one in session.scalars(query.limit(_MOST))
    ]


def progress_entries(session: Session, project: Project, *, site: str) -> list[Entry]:
    """Return what was noted of a project and the milestones it has reached, the latest first."""
    url = f"{site}/projects/{project.id}"
    noted = [
        Entry(f"progress/{one.id}", one.words[:40], one.at, url, one.words)
        for one in entries_of(session, project.id)
    ]
    reached = [
        Entry(f"milestone/{one.id}", f"节点完成：{one.title}", at_local(one.done_on), url)
        for one in milestones_of(session, project.id)
        if one.done_on
    ]
    return sorted([*noted, *reached], key=lambda one: (one.at, one.key), reverse=True)[:_MOST]


def _publicity(one: Notice) -> str:
    if one.publicity_from is None or one.publicity_to is None:
        return ""
    return f"公示时间：{day_range(one.publicity_from, one.publicity_to)}"
