"""What anybody may see: all projects, and the story of each."""

from typing import Any

from flask import render_template, request

from voting.areas.models import Area
from voting.areas.service import get_area, top_area
from voting.clock import local_day
from voting.delivery.rules.states import PUBLIC_NAMES, PublicState
from voting.delivery.service import (
    Wanted,
    areas_with_projects,
    public_counts,
    public_project,
    public_projects,
)
from voting.delivery.service.telling import tell
from voting.delivery.views.blueprint import bp
from voting.errors import NotFound
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.web.access import public
from voting.web.db import get_session, now

_LONGEST_SEARCH = 40


@bp.get("/projects")
@public
def projects() -> str:
    """List the works of the neighbourhood with how far each has come."""
    session, area, round = get_session(), _asked_area(), _asked_round()
    asked = request.args.get("word", "")
    word = PublicState(asked) if asked in PUBLIC_NAMES else None
    typed = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    search = "".join(char for char in typed if char.isprintable())
    place = Wanted(area=area, round_id=round.id if round else "", words=search)
    wanted = Wanted(area=area, round_id=place.round_id, word=word, words=search)
    page = request.args.get("page", 1, type=int)
    found = public_projects(session, today=local_day(now()), wanted=wanted, page=page)
    return render_template(
        "delivery/projects.html",
        found=found,
        counts=public_counts(session, place),
        words=PUBLIC_NAMES,
        word=word,
        search=search,
        area=area,
        areas=areas_with_projects(session),
        round=round,
        kept=_kept(area, round, word, search),
    )


@bp.get("/projects/<project_id>")
@public
def project(project_id: str) -> str:
    """Tell the story of a project: how it was chosen, what it costs, how far it has come."""
    session = get_session()
    found = public_project(session, project_id)
    if found is None:
        raise NotFound
    return render_template(
        "delivery/project.html", story=tell(session, found, today=local_day(now())), project=found
    )


def _asked_area() -> Area | None:
    asked = request.args.get("area", "")
    if not asked:
        return None
    session = get_session()
    area = get_area(session, asked)
    top = top_area(session)
    return None if top is not None and top.id == area.id else area


def _asked_round() -> Round | None:
    asked = request.args.get("round", "")
    round = get_round(get_session(), asked) if asked else None
    if round is not None and round.kind != "real":
        raise NotFound
    return round


def _kept(
    area: Area | None, round: Round | None, word: PublicState | None, search: str
) -> dict[str, Any]:
    """Return what the address of another page of this list carries on."""
    return {
        "area": area.id if area else None,
        "round": round.id if round else None,
        "word": word.value if word else None,
        "q": search or None,
    }
