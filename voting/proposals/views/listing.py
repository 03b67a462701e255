"""The list of candidates at the desk, and its numbers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import ActForm
from voting.proposals.models import Candidate
from voting.proposals.service import (
    candidates_of,
    conflicts_of,
    off_list,
    proposals_behind,
    renumber,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import read_whole, suggested_choices
from voting.web.db import get_session, now, transaction
from voting.web.text import _, say


@bp.get("/desk/rounds/<round_id>/candidates")
@on_round(Permission.ROUND_READ)
def candidates(round: Round) -> str:
    """Show the list as it will stand on the ballot, what was taken off it, and who must not count."""
    session = get_session()
    on_list = candidates_of(session, round.id)
    return render_template(
        "proposals/candidates.html",
        round=round,
        candidates=on_list,
        off=off_list(session, round.id),
        behind=proposals_behind(session, round.id),
        conflicts=conflicts_of(session, round.id),
        total=sum(candidate.cost for candidate in on_list),
        suggested=suggested_choices(len(on_list)),
        open=is_open(round),
    )


@bp.get("/desk/rounds/<round_id>/candidates/numbers")
@on_round(Permission.PROPOSAL_SHORTLIST)
def numbers(round: Round) -> str:
    """Show every candidate with its number, to be changed together."""
    on_list = candidates_of(get_session(), round.id)
    typed = {candidate.id: str(candidate.ballot_number) for candidate in on_list}
    return _page(round, ActForm(), on_list, typed)


@bp.post("/desk/rounds/<round_id>/candidates/numbers")
@on_round(Permission.PROPOSAL_SHORTLIST)
def numbers_submit(round: Round) -> Any:
    """Give all candidates their new numbers at once, so that two can swap."""
    on_list = candidates_of(get_session(), round.id)
    typed = {one.id: request.form.get(f"number-{one.id}", "")[:20] for one in on_list}
    form = ActForm()
    if form.validate_on_submit():
        try:
            wanted = {id: read_whole(text) for id, text in typed.items()}
            with transaction() as session:
                renumber(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    numbers=wanted,
                )
        except Refusal as refusal:
            form.form_errors.append(say(refusal))
        else:
            flash(_("编号已改好。"), "success")
            return redirect(url_for("proposals.candidates", round_id=round.id), 303)
    return _page(round, form, on_list, typed), 422


def _page(round: Round, form: ActForm, on_list: list[Candidate], typed: dict[str, str]) -> str:
    return render_template(
        "proposals/numbers.html",
        round=round,
        form=form,
        candidates=on_list,
        typed=typed,
        open=is_open(round),
    )
