"""What anybody learns by scanning a paper: that it is genuine, and whether it came back."""

from typing import Any

from flask import render_template

from voting.paper.service import look_up
from voting.paper.views.blueprint import bp
from voting.web.access import public
from voting.web.db import current_keys, get_session

_LONGEST = 120


@bp.get("/b/<typed:said>")
@bp.get("/B/<typed:said>")
@public
def genuine(said: str) -> Any:
    """Tell whether this installation printed the paper; nothing else is told."""
    found = look_up(get_session(), current_keys().card_key(), said[:_LONGEST])
    page = render_template("paper/genuine.html", found=found)
    return page, 200 if found else 404
