"""Feeds and calendars: news that comes by itself."""

from flask import request

from voting.adapters.calendars import write_calendar
from voting.adapters.feeds import Feed, write_feed
from voting.api.service import (
    paper_entries,
    progress_entries,
    round_events,
    seen_project,
)
from voting.api.views.serving import Answer
from voting.areas.service import find_installation, get_area, public_url
from voting.notices.service import issuer_of
from voting.rounds.service import get_seen_round
from voting.web.db import current_config, get_session
from voting.web.text import _

ATOM = "application/atom+xml"
CALENDAR = "text/calendar"


def site() -> str:
    """Return the public address of this installation, without a path."""
    return public_url(find_installation(get_session()), current_config())


def paper_feed(area_id: str) -> Answer:
    """Return the papers of an area as a feed."""
    session, here = get_session(), site()
    area = get_area(session, area_id)
    feed = Feed(
        key=f"papers/{area.id}",
        title=_("%(place)s的公示和通告", place=area.name),
        author=issuer_of(session, area),
        url=f"{here}/areas/{area.id}/notices",
        own_url=here + request.path,
        entries=paper_entries(session, area, site=here),
    )
    return Answer(write_feed(feed), changed_at=feed.updated)


def progress_feed(project_id: str) -> Answer:
    """Return how a project gets on as a feed."""
    session, here = get_session(), site()
    project = seen_project(session, project_id)
    feed = Feed(
        key=f"project/{project.id}",
        title=_("“%(title)s”的进展", title=project.title),
        author=project.unit or issuer_of(session, project.area),
        url=f"{here}/projects/{project.id}",
        own_url=here + request.path,
        entries=progress_entries(session, project, site=here),
    )
    return Answer(write_feed(feed))


def dates(round_id: str) -> Answer:
    """Return the dates of a round as a calendar."""
    session = get_session()
    round = get_seen_round(session, round_id)
    events = round_events(session, round, site=site())
    content = write_calendar(round.title, events, stamp=round.created_at)
    return Answer(content, file_name="dates.ics")
