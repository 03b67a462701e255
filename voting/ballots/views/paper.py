"""The ballot paper that all pages share, and the two files that draw its thumbnails."""

from flask import Blueprint, Response
from flask import url_for as to

from voting.ballots.document import paper_style as style_of
from voting.ballots.document import paper_thumbnails as thumbnails_of
from voting.ballots.holder import paper_of
from voting.web.access import public
from voting.web.db import current_files

__all__ = ["bp", "paper_of", "shown"]

bp = Blueprint("ballots", __name__)


@bp.get("/rounds/<round_id>/ballot.css")
@public
def paper_style(round_id: str) -> Response:
    """Serve the stylesheet that places the thumbnails of a round's ballot page."""
    paper = paper_of(round_id)
    sheet = to("ballots.paper_thumbnails", round_id=round_id, v=paper.config_hash.hex()[:12])
    return _kept_by_browsers(style_of(paper, sheet), "text/css")


@bp.get("/rounds/<round_id>/ballot.jpg")
@public
def paper_thumbnails(round_id: str) -> Response:
    """Serve all thumbnails of a round's ballot page as one picture."""
    return _kept_by_browsers(thumbnails_of(paper_of(round_id), current_files()), "image/jpeg")


def _kept_by_browsers(content: str | bytes, mimetype: str) -> Response:
    # Frozen with the rules, and the address carries their hash.
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def shown(typed: str) -> str:
    """Return what was typed as a page may show it again."""
    return "".join(char for char in typed[:40] if char.isprintable())
