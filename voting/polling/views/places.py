"""Polling places at the desk: listed, added, changed, closed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.polling.forms import PlaceForm
from voting.polling.models import PollingPlace
from voting.polling.service import (
    add_place,
    change_place,
    close_place,
    get_place,
    places_of,
    reopen_place,
)
from voting.polling.views.blueprint import act, bp, place_page
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import RoundChannel, SecondFactor
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/polling")
@on_round(Permission.ROUND_READ)
def index(round: Round) -> str:
    """Show the polling places of a round."""
    places = places_of(get_session(), round.id)
    return render_template(
        "polling/index.html",
        round=round,
        places=places,
        has_screen=any(place.screen_hash for place in places),
        needs_screen=_proves(round, SecondFactor.SCREEN),
        shows_worker=_proves(round, SecondFactor.WORKER)
        and Permission.CARD_HAND_OUT in current_user.permissions,
    )


@bp.get("/desk/rounds/<round_id>/polling/new")
@on_round(Permission.POLLING_MANAGE)
def new(round: Round) -> str:
    """Ask what the new place is."""
    return _form_page(round, PlaceForm())


@bp.post("/desk/rounds/<round_id>/polling/new")
@on_round(Permission.POLLING_MANAGE)
def new_submit(round: Round) -> Any:
    """Add a place."""
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                place = add_place(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    facts=form.facts,
                )
        except Refusal as refusal:
            form.refuse(refusal)
            return _form_page(round, form), refusal.status
        flash(_("投票点已添加。"), "success")
        return redirect(url_for("polling.show", round_id=round.id, place_id=place.id), 303)
    return _form_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/polling/<place_id>")
@on_round(Permission.ROUND_READ)
def show(round: Round, place_id: str) -> str:
    """Show one place: what is said of it, its screen, who is on duty."""
    return place_page(round, place_id)


@bp.get("/desk/rounds/<round_id>/polling/<place_id>/edit")
@on_round(Permission.POLLING_MANAGE)
def edit(round: Round, place_id: str) -> str:
    """Show what is said of a place, to be changed."""
    place = get_place(get_session(), round.id, place_id)
    return _form_page(round, PlaceForm(obj=place), place)


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/edit")
@on_round(Permission.POLLING_MANAGE)
def edit_submit(round: Round, place_id: str) -> Any:
    """Change what is said of a place."""
    place = get_place(get_session(), round.id, place_id)
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_place(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    place_id=place_id, facts=form.facts,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _form_page(round, form, place), refusal.status
        flash(_("已保存。"), "success")
        return redirect(url_for("polling.show", round_id=round.id, place_id=place_id), 303)
    return _form_page(round, form, place), 422


@bp.get("/desk/rounds/<round_id>/polling/<place_id>/close")
@on_round(Permission.POLLING_MANAGE)
def close(round: Round, place_id: str) -> str:
    """Say what closing a place means."""
    place = get_place(get_session(), round.id, place_id)
    return render_template("polling/close.html", round=round, place=place)


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/close")
@on_round(Permission.POLLING_MANAGE)
def close_submit(round: Round, place_id: str) -> Any:
    """Close a place."""

    def work() -> None:
        with transaction() as session:
            close_place(
                session, now=now(), actor=current_user.actor, round_id=round.id, place_id=place_id
            )

    return act(round, place_id, work, _("投票点已关闭，它的屏幕码从现在起不能用。"))


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/reopen")
@on_round(Permission.POLLING_MANAGE)
def reopen_submit(round: Round, place_id: str) -> Any:
    """Open a closed place again."""

    def work() -> None:
        with transaction() as session:
            reopen_place(
                session, now=now(), actor=current_user.actor, round_id=round.id, place_id=place_id
            )

    return act(round, place_id, work, _("投票点已重新开放。要用屏幕，请再开一次。"))


def _proves(round: Round, factor: SecondFactor) -> bool:
    return round.offers(RoundChannel.POSTER) and round.proves_by(factor)


def _form_page(round: Round, form: PlaceForm, place: PollingPlace | None = None) -> str:
    return render_template("polling/form.html", round=round, form=form, place=place)
