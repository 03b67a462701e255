"""Which candidates exclude one another: put together and taken apart at the desk."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import ActForm
from voting.proposals.service import candidates_of
from voting.proposals.service.rivals import group_rivals, leave_rivals, rival_groups
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/candidates/rivals")
@on_round(Permission.PROPOSAL_SHORTLIST)
def rivals(round: Round) -> str:
    """Show the groups there are, and the rest of the list to make another."""
    return _page(round, ActForm(), [])


@bp.post("/desk/rounds/<round_id>/candidates/rivals")
@on_round(Permission.PROPOSAL_SHORTLIST)
def rivals_submit(round: Round) -> Any:
    """Put the ticked candidates into one group."""
    ticked = list(dict.fromkeys(request.form.getlist("candidate")))
    form = ActForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                chosen = group_rivals(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_ids=ticked,
                )
                numbers = [str(one.ballot_number) for one in chosen]
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form, ticked), refusal.status
        flash(_("%(numbers)s 号只能入选一个，已保存。", numbers=_("、").join(numbers)), "success")
        return _to_page(round)
    return _page(round, form, ticked), 422


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/leave-rivals")
@on_round(Permission.PROPOSAL_SHORTLIST)
def leave_rivals_submit(round: Round, candidate_id: str) -> Any:
    """Take a candidate out of its group."""
    with transaction() as session:
        found = leave_rivals(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    flash(_("%(number)s 号已移出，不再受别的项目影响。", number=found.ballot_number), "success")
    return _to_page(round)


def _to_page(round: Round) -> Any:
    return redirect(url_for("proposals.rivals", round_id=round.id), 303)


def _page(round: Round, form: ActForm, ticked: list[str]) -> str:
    on_list = candidates_of(get_session(), round.id)
    groups = rival_groups(on_list)
    taken = {one.id for group in groups for one in group}
    return render_template(
        "proposals/rivals.html",
        round=round,
        form=form,
        groups=groups,
        free=[one for one in on_list if one.id not in taken],
        ticked=ticked,
        open=is_open(round),
    )
