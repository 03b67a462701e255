"""Places for their neighbours: the search, a place's page and papers, and the one to be remembered."""

from flask import Response, make_response, redirect, render_template, request, url_for

from voting.areas.models import Area
from voting.areas.service import get_area
from voting.errors import NotFound
from voting.public.holder import forget_place, keep_place, own_place
from voting.public.rules import tidy_question
from voting.public.service import find_places, papers_of_place, place_page
from voting.public.views.blueprint import bp
from voting.web.access import public
from voting.web.db import get_session, now


@bp.get("/search")
@public
def search() -> str:
    """List the places whose name, of today or before, holds what was typed; nothing typed lists all."""
    question = tidy_question(request.args.get("q", ""))
    inside = _inside(request.args.get("area", ""))
    found = find_places(get_session(), question, inside=inside, page=_page())
    return render_template(
        "public/search.html", found=found, question=question, inside=inside, mine=own_place()
    )


@bp.get("/areas/<area_id>")
@public
def area(area_id: str) -> str:
    """Show a place: its rounds by where they stand, its works and papers, whom to ask."""
    found = place_page(get_session(), _area(area_id), now=now(), page=_page())
    return render_template("public/area.html", found=found, mine=own_place())


@bp.get("/areas/<area_id>/notices")
@public
def area_papers(area_id: str) -> str:
    """List the papers of a place and of everything inside it."""
    place = _area(area_id)
    found = papers_of_place(get_session(), place, page=_page())
    return render_template("public/area_papers.html", area=place, found=found)


@bp.post("/areas/<area_id>/mine")
@public
def area_mine_submit(area_id: str) -> Response:
    """Let this browser show a place first from now on."""
    response = make_response(redirect(url_for("public.home"), 303))
    keep_place(response, _area(area_id))
    return response


@bp.post("/areas/forget")
@public
def area_forget_submit() -> Response:
    """Let this browser show no place first."""
    response = make_response(redirect(url_for("public.home"), 303))
    forget_place(response)
    return response


def _area(area_id: str) -> Area:
    return get_area(get_session(), area_id)


def _inside(area_id: str) -> Area | None:
    if not area_id.isascii():
        raise NotFound
    return _area(area_id) if area_id else None


def _page() -> int:
    return request.args.get("page", 1, type=int)
