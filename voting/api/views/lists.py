"""The JSON of open data, address by address."""

from voting.api.rules import Json
from voting.api.service import (
    area_part,
    candidate_part,
    comparison,
    dashboard,
    notice,
    paper_part,
    project_part,
    project_story,
    result,
    round_part,
    written_round,
)
from voting.api.views.asking import asked, asked_area, asked_round, with_next
from voting.api.views.serving import Answer
from voting.areas.service import get_area
from voting.clock import local_day
from voting.rounds.service import get_seen_round
from voting.web.db import get_session, now


def areas() -> Json:
    """Return a part of the areas."""
    return with_next(area_part(get_session(), asked(), inside=asked_area()))


def rounds() -> Json:
    """Return a part of the rounds."""
    return with_next(round_part(get_session(), asked(), now=now(), area=asked_area()))


def one_round(round_id: str) -> Json:
    """Return a round."""
    session = get_session()
    return written_round(session, get_seen_round(session, round_id), now=now())


def candidates(round_id: str) -> Json:
    """Return a part of a round's candidates."""
    session = get_session()
    return with_next(candidate_part(session, get_seen_round(session, round_id), asked(), now=now()))


def declared(round_id: str) -> Json:
    """Return a declared result."""
    return result(get_session(), round_id)


def compared(round_id: str) -> Json:
    """Return what other rules would have given."""
    return comparison(get_session(), round_id)


def papers() -> Json:
    """Return a part of the papers."""
    found = paper_part(get_session(), asked(), area=asked_area(), round=asked_round())
    return with_next(found)


def one_paper(number: str) -> Answer:
    """Return a paper; it never changes."""
    found, written = notice(get_session(), number)
    return Answer(written, changed_at=found.issued_at if found.pdf_digest else None)


def projects() -> Json:
    """Return a part of the projects."""
    today = local_day(now())
    found = project_part(
        get_session(), asked(), today=today, area=asked_area(), round=asked_round()
    )
    return with_next(found)


def one_project(project_id: str) -> Json:
    """Return a project with everything that was noted of it in public."""
    return project_story(get_session(), project_id, today=local_day(now()))


def registers(area_id: str) -> Json:
    """Return the registers of an area."""
    session = get_session()
    return dashboard(session, get_area(session, area_id))
