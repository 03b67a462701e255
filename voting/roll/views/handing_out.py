"""Handing out bearer cards: a person is found, gets a card, and the roll is marked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import HandOutForm, SearchForm, UndoForm
from voting.roll.models import Channel
from voting.roll.rules.search import NO_BUILDING
from voting.roll.service import (
    HANDING_OUT,
    buildings,
    find_electors,
    hand_out,
    roll_counts,
    undo_hand_out,
)
from voting.roll.views.blueprint import bp, keep_search, kept_search
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, say


@bp.get("/desk/rounds/<round_id>/roll/hand-out")
@on_round(Permission.CARD_HAND_OUT)
def handing_out(round: Round) -> str:
    """Show the people looked for, with who has a card; without a search, the buildings."""
    return _page(round, SearchForm(text=kept_search("hand_out", round)))


@bp.post("/desk/rounds/<round_id>/roll/hand-out/search")
@on_round(Permission.CARD_HAND_OUT)
def search_submit(round: Round) -> Any:
    """Look for the person at the door or at the desk."""
    form = SearchForm()
    if form.validate_on_submit():
        keep_search("hand_out", round, form.text.data or "")
        return redirect(url_for("roll.handing_out", round_id=round.id), 303)
    return _page(round, form), 422


@bp.post("/desk/rounds/<round_id>/roll/hand-out")
@on_round(Permission.CARD_HAND_OUT)
def handing_out_submit(round: Round) -> Any:
    """Note that a person got a card."""
    form = HandOutForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            hand_out(session, now=now(), round_id=round.id, elector_id=form.elector_id.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(round, refusal)
    flash(_("已登记：卡已经发给这位居民。"), "success")
    return _back(round, form)


@bp.post("/desk/rounds/<round_id>/roll/hand-out/undo")
@on_round(Permission.CARD_HAND_OUT)
def undo_submit(round: Round) -> Any:
    """Take a hand-out of today back."""
    form = UndoForm()
    if not form.validate_on_submit():
        if form.elector_id.errors:
            raise NotFound
        return _page(round, problem=_("请先选择撤销的原因，再点“撤销”。")), 422
    try:
        with transaction() as session:
            undo_hand_out(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                elector_id=form.elector_id.data or "",
                reason=form.reason.data,
            )
    except Refusal as refusal:
        return _refused(round, refusal)
    flash(_("已撤销：这位居民又可以领卡了。"), "success")
    return _back(round, form)


def _refused(round: Round, refusal: Refusal) -> Any:
    return _page(round, problem=say(refusal)), refusal.status


def _back(round: Round, form: HandOutForm | UndoForm) -> Any:
    page = form.page.data if form.page.data and form.page.data > 1 else None
    # The mark leads back to the line that was tapped, on a phone far down the page.
    anchor = f"p-{form.elector_id.data}"
    address = url_for("roll.handing_out", round_id=round.id, page=page, _anchor=anchor)
    return redirect(address, 303)


def _page(round: Round, form: SearchForm | None = None, problem: str = "") -> str:
    session = get_session()
    text = kept_search("hand_out", round)
    page = request.values.get("page", 1, type=int)
    found = None
    if text:
        found = find_electors(session, keys=current_keys(), round_id=round.id, text=text, page=page)
    return render_template(
        "roll/hand_out.html",
        round=round,
        form=form or SearchForm(formdata=None, text=text),
        undo=UndoForm(formdata=None),
        problem=problem,
        counts=roll_counts(session, round.id),
        buildings=buildings(session, round.id),
        found=found,
        no_building=NO_BUILDING,
        is_open=round.phase_at(now()) in HANDING_OUT,
        today=local_day(now()),
        handed=Channel.CARD_HANDED,
    )
