"""Handing out cards and papers: a person is found, gets one, and the roll is marked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.paper.forms.handing import FindForm, HandOutForm, UndoForm
from voting.paper.service import hand, papers_left, undo
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.roll.holder import keep_search, kept_search
from voting.roll.models import Channel
from voting.roll.rules.search import NO_BUILDING
from voting.roll.service import (
    HANDING_OUT,
    buildings,
    find_electors,
    housemates,
    roll_counts,
)
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, say

# The address is older than paper.
_PAGE = "/desk/rounds/<round_id>/roll/hand-out"
_MEDIA = {Channel.CARD_HANDED: "card", Channel.PAPER_HANDED: "paper"}


@bp.get(_PAGE)
@on_round(Permission.CARD_HAND_OUT)
def hand_out(round: Round) -> str:
    """Show the people looked for, with who has something; without a search, the buildings."""
    return _page(round, FindForm(text=kept_search("hand_out", round)))


@bp.post(f"{_PAGE}/search")
@on_round(Permission.CARD_HAND_OUT)
def hand_out_search_submit(round: Round) -> Any:
    """Look for the person at the door or at the desk."""
    form = FindForm()
    if form.validate_on_submit():
        keep_search("hand_out", round, form.text.data or "")
        return redirect(url_for("paper.hand_out", round_id=round.id), 303)
    return _page(round, form), 422


@bp.post(_PAGE)
@on_round(Permission.CARD_HAND_OUT)
def hand_out_submit(round: Round) -> Any:
    """Note that a person got a card or a paper, or somebody of the household for them."""
    form = HandOutForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            hand(
                session, now=now(), keys=current_keys(), round_id=round.id,
                elector_id=form.elector_id.data or "", medium=form.medium.data or "",
                holder_id=current_user.id, taker_id=form.taker_id.data or None,
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(round, refusal)
    flash(_said(form.medium.data == "paper", bool(form.taker_id.data)), "success")
    return _back(round, form)


@bp.post(f"{_PAGE}/undo")
@on_round(Permission.CARD_HAND_OUT)
def undo_submit(round: Round) -> Any:
    """Take a hand-out of today back."""
    form = UndoForm()
    if not form.validate_on_submit():
        if form.elector_id.errors or form.medium.errors:
            raise NotFound
        return _page(round, problem=_("请先选择撤销的原因，再点“撤销”。")), 422
    try:
        with transaction() as session:
            undo(
                session, now=now(), actor=current_user.actor, round_id=round.id,
                elector_id=form.elector_id.data or "", medium=form.medium.data or "",
                holder_id=current_user.id, reason=form.reason.data,
            )  # fmt: skip
    except Refusal as refusal:
        return _refused(round, refusal)
    flash(_("已撤销：这位居民又可以领卡了。"), "success")
    return _back(round, form)


def _said(is_paper: bool, is_collected: bool) -> str:  # noqa: FBT001 -- two answers, four sentences
    if is_collected:
        return str(_("已登记代领。请代领人和领取人都在登记表上签名。"))
    if is_paper:
        return str(_("已登记：纸质票已经发给这位居民。"))
    return str(_("已登记：卡已经发给这位居民。"))


def _refused(round: Round, refusal: Refusal) -> Any:
    return _page(round, problem=say(refusal)), refusal.status


def _back(round: Round, form: HandOutForm | UndoForm) -> Any:
    page = form.page.data if form.page.data and form.page.data > 1 else None
    # The mark leads back to the line that was tapped, on a phone far down the page.
    anchor = f"p-{form.elector_id.data}"
    address = url_for("paper.hand_out", round_id=round.id, page=page, _anchor=anchor)
    return redirect(address, 303)


def _page(round: Round, form: FindForm | None = None, problem: str = "") -> str:
    session, keys = get_session(), current_keys()
    text = kept_search("hand_out", round)
    page = request.values.get("page", 1, type=int)
    found, mates = None, {}
    if text:
        found = find_electors(session, keys=keys, round_id=round.id, text=text, page=page)
        mates = dict(housemates(session, keys=keys, round=round, lines=found.lines))
    return render_template(
        "paper/hand_out.html",
        round=round,
        form=form or FindForm(formdata=None, text=text),
        undo=UndoForm(formdata=None),
        problem=problem,
        counts=roll_counts(session, round.id),
        buildings=buildings(session, round.id),
        found=found,
        mates=mates,
        no_building=NO_BUILDING,
        is_open=round.phase_at(now()) in HANDING_OUT,
        today=local_day(now()),
        media=_MEDIA,
        has_card=round.offers("card"),
        has_paper=round.offers("paper"),
        left=papers_left(session, round.id, current_user.id),
    )
