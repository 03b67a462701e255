"""Papers out of a box that are none of the round."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.accounts.service import officer_names
from voting.errors import Refusal
from voting.paper.forms.keying import ForeignForm
from voting.paper.service.admitting import may_key
from voting.paper.service.foreign import (
    confirm_foreign,
    drop_foreign,
    foreign_of,
    register_foreign,
)
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/paper/foreign")
@on_round(Permission.PAPER_KEY)
def foreign(round: Round) -> str:
    """List the papers put aside, and ask for the next."""
    return _page(round, ForeignForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/paper/foreign")
@on_round(Permission.PAPER_KEY)
def foreign_submit(round: Round) -> Any:
    """Put a paper aside."""
    form = ForeignForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                register_foreign(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    sign=form.sign.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        flash(_("登记好了。请另一位工作人员看过实物，在这一页确认。"), "success")
        return _back(round)
    return _page(round, form), 422


@bp.post("/desk/rounds/<round_id>/paper/foreign/<foreign_id>")
@on_round(Permission.PAPER_KEY)
def foreign_seen_submit(round: Round, foreign_id: str) -> Any:
    """Confirm that a paper is none of the round, or take its registration back."""
    form = RefusingForm()
    if form.validate_on_submit():
        drops = request.form.get("act") == "drop"
        act = drop_foreign if drops else confirm_foreign
        try:
            with transaction() as session:
                act(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    foreign_id=foreign_id,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, ForeignForm(formdata=None), form), refusal.status
        flash(_("撤回了。") if drops else _("两人都看过，记下了。"), "success")
        return _back(round)
    return _page(round, ForeignForm(formdata=None), form), 422


def _back(round: Round) -> Any:
    return redirect(url_for("paper.foreign", round_id=round.id), 303)


def _page(round: Round, form: ForeignForm, act: RefusingForm | None = None) -> str:
    session = get_session()
    page = request.args.get("page", 1, type=int)
    papers, pages = foreign_of(session, round.id, page=page)
    ids = [id for one in papers for id in (one.first_by, one.second_by)]
    return render_template(
        "paper/keying_foreign.html",
        round=round,
        form=form,
        act=act or form,
        papers=papers,
        names=officer_names(session, ids),
        page=min(max(page, 1), pages),
        pages=pages,
        is_open=may_key(session, round, now=now()),
    )
