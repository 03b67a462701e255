"""The result of a round for other people's pages: a page of its own that may stand in a frame."""

from flask import Response, make_response, render_template

from voting.api.service import declared_result
from voting.api.views.blueprint import KEEP, bp
from voting.api.views.news import site
from voting.errors import NotFound
from voting.results.rules import charts_of
from voting.web.access import public
from voting.web.db import get_session

_FRAMED = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


@bp.get("/embed/rounds/<round_id>/result")
@public
def embed_result(round_id: str) -> Response:
    """Show the votes of a declared result in a frame; before that, say that there is none yet."""
    try:
        found, status = declared_result(get_session(), round_id), 200
    except NotFound:
        found, status = None, NotFound.status
    page = render_template(
        "api/embed.html",
        found=found,
        charts=charts_of(found.facts) if found else None,
        round_id=round_id,
        site=site(),
    )
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = _FRAMED
    if found:
        response.headers["Cache-Control"] = KEEP
    return response
