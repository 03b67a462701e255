"""What the pages of the poster share."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for

from voting.errors import NotFound, Refusal
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.web.db import get_session
from voting.web.text import say

bp = Blueprint("posters", __name__)


def public_round(round_id: str) -> Round:
    """Return a round that residents may see; raise NotFound."""
    round = get_round(get_session(), round_id)
    if not was_public(get_session(), round):
        raise NotFound
    return round


def to_ballot(round_id: str) -> Any:
    """Send somebody who has proven themselves on to the ballot."""
    return redirect(url_for("ballots.claimed", round_id=round_id), 303)


def refused_page(round: Round, refusal: Refusal) -> Any:
    """Return the page that only says why this does not go on, and what to do."""
    page = render_template("posters/refused.html", round=round, sentence=say(refusal))
    return make_response(page, refusal.status)
