"""The home page, and what is said about personal data and the secret of the vote."""

from typing import Any

from flask import redirect, render_template, request, url_for

from voting.errors import NotFound
from voting.public.holder import own_place
from voting.public.rules import tidy_question
from voting.public.rules.secrecy import chapters_of
from voting.public.service import home as load_home
from voting.public.views.blueprint import bp
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.web.access import public
from voting.web.db import get_session, now


@bp.get("/")
@public
def home() -> Any:
    """Show what is open for me now, what comes, works under way, results and papers."""
    question = tidy_question(request.args.get("q", ""))
    if question:
        return redirect(url_for("public.search", q=question), 303)
    moment, place = now(), own_place()
    found = load_home(get_session(), now=moment, place=place)
    return render_template("public/home.html", home=found, place=place, now=moment)


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is kept of a person, why, and for how long (个人信息保护法 art. 17)."""
    return render_template("public/privacy.html")


@bp.get("/secrecy")
@public
def secrecy_everywhere() -> str:
    """Say how the secret of a vote is kept, whichever way the key is kept."""
    return render_template("public/secrecy.html", round=None, chapters=chapters_of())


@bp.get("/rounds/<round_id>/secrecy")
@public
def secrecy(round_id: str) -> str:
    """Say how the secret of this round's vote is kept, and what can still go wrong."""
    round = _public_round(round_id)
    chapters = chapters_of(round.seal_way)
    return render_template("public/secrecy.html", round=round, chapters=chapters)


def _public_round(round_id: str) -> Round:
    round = get_round(get_session(), round_id)
    if not was_public(get_session(), round):
        raise NotFound
    return round
