"""Areas, and the registers of each: what came in, what is done, what is in hand."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.api.rules import Json
from voting.api.service.asking import Asked, Key, part
from voting.areas.models import Area
from voting.delivery.models import Project
from voting.delivery.rules.states import ProjectState
from voting.delivery.service import Wanted, everything_public
from voting.proposals.models import Proposal
from voting.proposals.rules.states import UNDECIDED
from voting.rounds.models import Round
from voting.rounds.service import seen_by_all

# Each area stands before those inside it, and no area ever moves.
_KEYS = (Key(Area.path),)
_OVER = (ProjectState.DONE, ProjectState.ARCHIVED, ProjectState.TERMINATED)


def area_part(session: Session, asked: Asked, *, inside: Area | None = None) -> Json:
    """Return a part of the areas, each before those inside it."""
    query = select(Area)
    if inside is not None:
        query = query.where(Area.path.startswith(inside.path, autoescape=True))
    return part(session, query, _KEYS, asked, lambda rows: [written_area(one) for one in rows])


def written_area(area: Area) -> Json:
    """Return an area."""
    return {
        "id": area.id,
        "parent_id": area.parent_id,
        "level": area.level,
        "level_name": area.level_name,
        "name": area.name,
        "help_number": area.help_number,
        "page": f"/areas/{area.id}",
    }


def dashboard(session: Session, area: Area) -> Json:
    """Return each register of an area and everything below it."""
    return {"proposals": _proposals(session, area), "projects": _projects(session, area)}


def _proposals(session: Session, area: Area) -> Json:
    undecided = Proposal.state.in_([state.value for state in UNDECIDED])
    inside = Area.path.startswith(area.path, autoescape=True)
    rows = session.execute(
        select(undecided, func.count())
        .select_from(Proposal)
        .join(Round, Round.id == Proposal.round_id)
        .join(Area, Area.id == Round.area_id)
        .where(seen_by_all(), inside)
        .group_by(undecided)
    )
    return _register((not row[0], row[1]) for row in rows)


def _projects(session: Session, area: Area) -> Json:
    is_ended = Project.terminated_at.is_not(None)
    rows = session.execute(
        everything_public()
        .where(*Wanted(area=area).conditions())
        .with_only_columns(Project.state, is_ended, func.count())
        .group_by(Project.state, is_ended)
        .order_by(None)
    )
    return _register((row[1] or ProjectState(row[0]) in _OVER, row[2]) for row in rows)


def _register(counted: Iterable[tuple[bool, int]]) -> Json:
    done = in_hand = 0
    for is_done, number in counted:
        done += number if is_done else 0
        in_hand += 0 if is_done else number
    return {"received": done + in_hand, "done": done, "in_hand": in_hand}
