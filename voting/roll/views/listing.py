"""The roll itself, building by building."""

from typing import Any

from flask import redirect, render_template, request, url_for

from voting.permissions import Permission
from voting.roll.forms import SearchForm
from voting.roll.holder import keep_search, kept_search
from voting.roll.rules.search import NO_BUILDING
from voting.roll.service import HANDING_OUT, basis_counts, buildings, find_electors, roll_counts
from voting.roll.views.blueprint import PER_PAGE, bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now


@bp.get("/desk/rounds/<round_id>/roll")
@on_round(Permission.ROLL_READ)
def index(round: Round) -> str:
    """Show the buildings of the roll, or the people looked for."""
    return _page(round, SearchForm(text=kept_search("index", round)))


@bp.post("/desk/rounds/<round_id>/roll")
@on_round(Permission.ROLL_READ)
def index_submit(round: Round) -> Any:
    """Look for people."""
    form = SearchForm()
    if form.validate_on_submit():
        keep_search("index", round, form.text.data or "")
        return redirect(url_for("roll.index", round_id=round.id), 303)
    return _page(round, form), 422


def _page(round: Round, form: SearchForm) -> str:
    session = get_session()
    text = kept_search("index", round)
    found = None
    page = request.args.get("page", 1, type=int)
    if text:
        found = find_electors(session, keys=current_keys(), round_id=round.id, text=text, page=page)
    all_buildings = buildings(session, round.id)
    pages = max(-(-len(all_buildings) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    return render_template(
        "roll/index.html",
        round=round,
        form=form,
        counts=roll_counts(session, round.id),
        buildings=all_buildings,
        shown=all_buildings[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        bases=basis_counts(session, round.id),
        found=found,
        text=text,
        no_building=NO_BUILDING,
        hands_out=round.phase_at(now()) in HANDING_OUT,
    )
