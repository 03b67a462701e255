"""The plan of a round is changed as long as it may be."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.forms import RoundForm, shown_plan
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import AlreadyApproved, RulesFrozen, change_round, plan_of
from voting.rounds.views.blueprint import bp, may_approve, to_round
from voting.rounds.views.opening import ACTS, arrange
from voting.rounds.views.picture import picture_of
from voting.web.db import now, transaction


@bp.get("/desk/rounds/<round_id>/edit")
@on_round(Permission.ROUND_EDIT)
def edit(round: Round) -> str:
    """Ask for changes of the plan, as long as it may be changed."""
    if round.frozen_at is not None:
        raise RulesFrozen
    if round.phase != "draft" and not may_approve():
        raise AlreadyApproved
    return _page(RoundForm(data=shown_plan(plan_of(round))), round)


@bp.post("/desk/rounds/<round_id>/edit")
@on_round(Permission.ROUND_EDIT)
def edit_submit(round: Round) -> Any:
    """Change the plan, or only work out its days anew."""
    form = RoundForm()
    act = request.form.get("act", "")
    if act in ACTS:
        arrange(form, act)
        _write_out(form, act)
        return _page(form, round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_round(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    plan=form.plan(most=round.max_choices),
                    may_approve=may_approve(),
                )
        except (RulesFrozen, AlreadyApproved):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return to_round(round.id)
    return _page(form, round), 422


def _write_out(form: RoundForm, act: str) -> None:
    """Write the days that were worked out into their fields: here they are kept as they stand."""
    days = picture_of(form).days
    if act != "days" and days is not None:
        for name, day in vars(days.before_vote).items():
            form.show_day(name, day)


def _page(form: RoundForm, round: Round) -> str:
    return render_template("rounds/edit.html", form=form, round=round, picture=picture_of(form))
