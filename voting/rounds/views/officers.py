"""Who runs a round, and a change of it."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.forms import TeamForm
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import missing_in_area, offered_officers, officers_of, set_officers
from voting.rounds.views.blueprint import bp, may_approve, to_round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/officers")
@on_round(Permission.ROUND_EDIT)
def officers(round: Round) -> str:
    """Show who runs a round, with those who could."""
    chosen = [officer.id for officer in officers_of(get_session(), round.id)]
    return _page(TeamForm(formdata=None, data={"officer_ids": chosen}), round)


@bp.post("/desk/rounds/<round_id>/officers")
@on_round(Permission.ROUND_EDIT)
def officers_submit(round: Round) -> Any:
    """Let the ticked officers run a round."""
    form = TeamForm()
    form.offer_officers(offered_officers(get_session(), round.area))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                set_officers(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    officer_ids=form.officer_ids.data or [],
                    may_approve=may_approve(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已经保存：这一轮由这些工作人员来办。"), "success")
            return to_round(round.id)
    return _page(form, round), 422


def _page(form: TeamForm, round: Round) -> str:
    offered = offered_officers(get_session(), round.area)
    form.offer_officers(offered)
    return render_template(
        "rounds/officers.html",
        form=form,
        round=round,
        lacking=missing_in_area(offered),
        left=[one for one in officers_of(get_session(), round.id) if one.retired_at is not None],
    )
