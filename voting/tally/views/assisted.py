"""Assisted voting as the street watches it: numbers before the count, likeness after it."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from voting.accounts.service import officer_names
from voting.errors import NotFound, Refusal
from voting.paper.service.watching import PER_PAGE, help_given
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.tally.holder import openings_store
from voting.tally.rules.alike import LEAST_ALIKE, Alike
from voting.tally.service import find_tally
from voting.tally.service.alike import alike_ballots
from voting.tally.views.blueprint import bp
from voting.web.db import get_session
from voting.web.text import say


@dataclass(frozen=True)
class Likeness:
    """One officer's line: how alike the ballots are, beside all others that were assisted."""

    name: str
    mine: Alike
    others: Alike


@bp.get("/desk/rounds/<round_id>/assist/watch")
@on_round(Permission.ASSIST_WATCH)
def assisted(round: Round) -> Any:
    """Show how many each officer helped; after the count, how alike those ballots are."""
    given = help_given(get_session(), round.id)
    page, pages = request.args.get("page", 1, type=int), max(1, -(-len(given.days) // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound
    counted = find_tally(get_session(), round.id) is not None
    lines, problem = _likeness(round) if counted else ([], "")
    return render_template(
        "tally/assisted.html",
        round=round,
        given=given,
        days=given.days[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        counted=counted,
        lines=lines,
        problem=problem,
        least=LEAST_ALIKE,
    )


def _likeness(round: Round) -> tuple[list[Likeness], str]:
    session = get_session()
    try:
        found = alike_ballots(session, round.id, openings_store())
    except Refusal as refusal:
        return [], say(refusal)
    names = officer_names(session, (one.officer_id for one in found))
    return [Likeness(names.get(one.officer_id, "—"), one.mine, one.others) for one in found], ""
