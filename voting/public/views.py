"""Pages for anyone: home, the poster's page, the size of type, and what operators ask."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from voting.errors import NotFound
from voting.public.service import home as load_home
from voting.public.service import is_ready
from voting.rounds.service import get_round, was_public
from voting.web.access import public
from voting.web.context import SIZES
from voting.web.db import current_config, get_session, now

bp = Blueprint("public", __name__)
_YEAR = 365 * 24 * 3600
_LONGEST_SEARCH = 40


@bp.get("/")
@public
def home() -> str:
    """Show what is open for me now, results and notices."""
    asked = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    search = "".join(char for char in asked if char.isprintable())
    moment = now()
    found = load_home(get_session(), now=moment, search=search)
    return render_template("public/home.html", home=found, search=search, now=moment)


@bp.get("/p/<round_id>")
@public
def poster(round_id: str) -> str:
    """Show what a poster's QR code leads to."""
    round = get_round(get_session(), round_id)
    if not was_public(get_session(), round):
        raise NotFound
    phase = round.phase_at(now())
    return render_template("public/poster.html", round=round, phase=phase)


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept of a person, why, and for how long (个人信息保护法 art. 17)."""
    return render_template("public/privacy.html")


@bp.post("/display")
@public
def display_submit() -> Response:
    """Remember the size of type this browser wants, and go back."""
    target = request.form.get("next", "/")
    # Only a path of our own: "//host" and "/\\host" leave the site in some browsers.
    safe = target.isprintable() and target.startswith("/") and not target.startswith(("//", "/\\"))
    response = make_response(redirect(target if safe else "/", 303))
    size = request.form.get("size", "")
    if size in SIZES:
        response.set_cookie(
            "size", size, max_age=_YEAR, samesite="Lax", secure=current_config().is_https
        )
    return response


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Say whether the database answers with the tables of this version."""
    try:
        is_ready(get_session())
    except SQLAlchemyError:
        return jsonify(status="database"), 503
    return jsonify(status="ok"), 200
