"""What stands around every page: the size of type, and what operators ask of the process."""

from flask import Response, jsonify, make_response, redirect, request
from sqlalchemy.exc import SQLAlchemyError

from voting.public.service import is_ready
from voting.public.views.blueprint import bp
from voting.web.access import public
from voting.web.context import SIZES
from voting.web.db import current_config, get_session

_YEAR = 365 * 24 * 3600


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
