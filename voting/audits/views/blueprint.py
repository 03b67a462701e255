"""What the pages about spot checks share."""

from typing import Any

from flask import Blueprint, make_response, request

from voting.adapters.pdf import Paper
from voting.areas.service import find_installation
from voting.notices.holder import set_paper
from voting.web.db import get_session

bp = Blueprint("audits", __name__)


def is_demo() -> bool:
    """Tell whether this installation is only to be looked at."""
    installation = find_installation(get_session())
    return installation is not None and installation.demo


def wanted_page() -> int:
    """Return the page that was asked for; whatever is no number is the first."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1  # noqa: PLR2004 -- what an offset can hold


def printed(paper: Paper) -> Any:
    """Answer with a paper that is shown and kept nowhere."""
    response = make_response(set_paper(paper))
    response.mimetype = "application/pdf"
    return response
