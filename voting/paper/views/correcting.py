"""A paper that was entered wrongly: one asks, another confirms, two key it anew."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.accounts.service import officer_names
from voting.errors import Refusal
from voting.paper.forms.keying import CorrectionForm
from voting.paper.rules.serials import grouped
from voting.paper.service.admitting import may_key
from voting.paper.service.correcting import (
    ask_correction,
    confirm_correction,
    corrections_of,
    drop_correction,
)
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/paper/corrections")
@on_round(Permission.PAPER_KEY)
def corrections(round: Round) -> str:
    """List the corrections, and ask for the next."""
    return _page(round, CorrectionForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/paper/corrections")
@on_round(Permission.PAPER_KEY)
def corrections_submit(round: Round) -> Any:
    """Ask that a paper be keyed anew."""
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                ask_correction(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    serial=form.serial.data or "", reason=form.reason.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        flash(_("提出了。请另一位工作人员看过票，在这一页确认。"), "success")
        return _back(round)
    return _page(round, form), 422


@bp.post("/desk/rounds/<round_id>/paper/corrections/<void_id>")
@on_round(Permission.PAPER_KEY)
def correction_submit(round: Round, void_id: str) -> Any:
    """Confirm a correction, or take it back."""
    form = RefusingForm()
    if form.validate_on_submit():
        drops = request.form.get("act") == "drop"
        act = drop_correction if drops else confirm_correction
        try:
            with transaction() as session:
                act(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    void_id=void_id,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, CorrectionForm(formdata=None), form), refusal.status
        flash(_("撤回了。") if drops else _("已经撤销，请两个人重新录这张票。"), "success")
        return _back(round)
    return _page(round, CorrectionForm(formdata=None), form), 422


def _back(round: Round) -> Any:
    return redirect(url_for("paper.corrections", round_id=round.id), 303)


def _page(round: Round, form: CorrectionForm, act: RefusingForm | None = None) -> str:
    session = get_session()
    page = request.args.get("page", 1, type=int)
    voids, pages = corrections_of(session, round.id, page=page)
    ids = [id for one in voids for id in (one.first_by, one.second_by)]
    return render_template(
        "paper/keying_corrections.html",
        round=round,
        grouped=grouped,
        form=form,
        act=act or form,
        voids=voids,
        names=officer_names(session, ids),
        page=min(max(page, 1), pages),
        pages=pages,
        is_open=may_key(session, round, now=now()),
    )
