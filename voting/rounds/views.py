"""Rounds at the desk: the list, and the form in which one is planned."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from voting.areas.models import Level
from voting.areas.service import areas_below
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.forms import NewRoundForm, RoundForm, of_round
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import (
    AlreadyApproved,
    RulesFrozen,
    change_round,
    create_round,
    rounds_in,
)
from voting.web.access import needs
from voting.web.db import get_session, now, transaction

bp = Blueprint("rounds", __name__)


@bp.get("/desk/rounds")
@needs(Permission.ROUND_READ)
def index() -> str:
    """List the rounds of the officer's own area."""
    page = request.args.get("page", 1, type=int)
    found = rounds_in(get_session(), current_user.area, now=now(), page=page)
    return render_template("rounds/index.html", found=found, now=now())


@bp.get("/desk/rounds/new")
@needs(Permission.ROUND_EDIT)
def new() -> str:
    """Ask for the plan of a new round."""
    return _new_page(_new_form())


@bp.post("/desk/rounds/new")
@needs(Permission.ROUND_EDIT)
def new_submit() -> Any:
    """Open a round as a draft."""
    form = _new_form()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                round = create_round(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    area_id=form.area_id.data,
                    plan=form.plan(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("conduct.show", round_id=round.id), 303)
    return _new_page(form), 422


@bp.get("/desk/rounds/<round_id>/edit")
@on_round(Permission.ROUND_EDIT)
def edit(round: Round) -> str:
    """Ask for changes of the plan, as long as it may be changed."""
    if round.frozen_at is not None:
        raise RulesFrozen
    if round.phase != "draft" and not _may_approve():
        raise AlreadyApproved
    return _edit_page(RoundForm(data=of_round(round)), round)


@bp.post("/desk/rounds/<round_id>/edit")
@on_round(Permission.ROUND_EDIT)
def edit_submit(round: Round) -> Any:
    """Change the plan."""
    form = RoundForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_round(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    plan=form.plan(most=round.max_choices),
                    may_approve=_may_approve(),
                )
        except (RulesFrozen, AlreadyApproved):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("conduct.show", round_id=round.id), 303)
    return _edit_page(form, round), 422


def _may_approve() -> bool:
    return Permission.ROUND_APPROVE in current_user.permissions


def _new_form() -> NewRoundForm:
    form = NewRoundForm()
    areas = areas_below(get_session(), current_user.area)
    form.offer([area for area in areas if area.level in {Level.COMMUNITY, Level.ESTATE}])
    return form


def _new_page(form: NewRoundForm) -> str:
    return render_template("rounds/new.html", form=form)


def _edit_page(form: RoundForm, round: Round) -> str:
    return render_template("rounds/edit.html", form=form, round=round)
