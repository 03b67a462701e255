"""Assisted voting at the desk: the person is found, a second officer confirms to be present."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.paper.forms.assisting import AssistForm, PersonForm
from voting.paper.forms.handing import FindForm
from voting.paper.service.assisted_reading import assisting_now
from voting.paper.service.assisting import (
    PLACES,
    cancel_assisting,
    confirm_presence,
    require_assisting,
    start_assisting,
)
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.roll.holder import keep_search, kept_search
from voting.roll.service import find_electors
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, say

_SEARCH = "assist"
HELPED = "assist"
"""Whom this browser helps: round, person and the nonce of the ballot, in the officer's own cookie."""


@bp.get("/desk/rounds/<round_id>/assist")
@on_round(Permission.CARD_HAND_OUT)
def assist(round: Round) -> str:
    """Show who is being helped, and the people looked for."""
    return _page(round, FindForm(text=kept_search(_SEARCH, round)))


@bp.post("/desk/rounds/<round_id>/assist/search")
@on_round(Permission.CARD_HAND_OUT)
def assist_search_submit(round: Round) -> Any:
    """Look for the person who wants help."""
    form = FindForm()
    if form.validate_on_submit():
        keep_search(_SEARCH, round, form.text.data or "")
        return redirect(url_for("paper.assist", round_id=round.id), 303)
    return _page(round, form), 422


@bp.post("/desk/rounds/<round_id>/assist")
@on_round(Permission.CARD_HAND_OUT)
def assist_submit(round: Round) -> Any:
    """Begin to help a person."""
    form = AssistForm()
    if not form.validate_on_submit():
        raise NotFound
    elector_id = form.elector_id.data or ""
    try:
        with transaction() as session:
            start_assisting(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                elector_id=elector_id,
                place=form.place.data,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(round, problem=say(refusal)), refusal.status
    keep_search(_SEARCH, round, "")
    return to_ballot(round, elector_id)


@bp.post("/desk/rounds/<round_id>/assist/confirm")
@on_round(Permission.CARD_HAND_OUT)
def assist_confirm_submit(round: Round) -> Any:
    """Note that this officer is present."""
    form = PersonForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            confirm_presence(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                elector_id=form.elector_id.data or "",
            )
    except Refusal as refusal:
        return _page(round, problem=say(refusal)), refusal.status
    flash(_("已确认陪同。请看着居民自己选、自己点，票投出以前不要离开。"), "success")
    return redirect(url_for("paper.assist", round_id=round.id), 303)


@bp.post("/desk/rounds/<round_id>/assist/cancel")
@on_round(Permission.CARD_HAND_OUT)
def assist_cancel_submit(round: Round) -> Any:
    """End it without a ballot."""
    form = PersonForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            cancel_assisting(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                elector_id=form.elector_id.data or "",
            )
    except Refusal as refusal:
        return _page(round, problem=say(refusal)), refusal.status
    browser.pop(HELPED, None)
    flash(_("已取消。这位居民的票还没有投，可以再办。"), "success")
    return redirect(url_for("paper.assist", round_id=round.id), 303)


@bp.post("/desk/rounds/<round_id>/assist/open")
@on_round(Permission.CARD_HAND_OUT)
def assist_open_submit(round: Round) -> Any:
    """Go on in this browser with a person whom this officer helps."""
    form = PersonForm()
    if not form.validate_on_submit():
        raise NotFound
    return to_ballot(round, form.elector_id.data or "")


def to_ballot(round: Round, elector_id: str) -> Any:
    """Lead this browser to the ballot of the person whom its officer helps."""
    browser[HELPED] = [round.id, elector_id, ""]
    return redirect(url_for("paper.assist_ballot", round_id=round.id), 303)


def _page(round: Round, form: FindForm | None = None, problem: str = "") -> str:
    session, text = get_session(), kept_search(_SEARCH, round)
    found = None
    if text:
        page = request.values.get("page", 1, type=int)
        found = find_electors(session, keys=current_keys(), round_id=round.id, text=text, page=page)
    return render_template(
        "paper/assist.html",
        round=round,
        form=form or FindForm(formdata=None, text=text),
        assist_form=AssistForm(formdata=None),
        problem=problem,
        closed=_closed(round),
        found=found,
        under_way=assisting_now(session, now=now(), keys=current_keys(), round=round),
        places=PLACES,
    )


def _closed(round: Round) -> str:
    try:
        require_assisting(get_session(), now=now(), round_id=round.id)
    except Refusal as refusal:
        return say(refusal)
    return ""
