"""Settling at the desk: each bundle is counted by one and received by another; spoiled papers by serial."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.paper.forms.reconciling import CountBundleForm, SpoilForm, UnspoilForm
from voting.paper.service.admitting import is_reconciled
from voting.paper.service.settling import (
    bundles_of,
    count_bundle,
    find_bundle,
    receive_bundle,
    recount_bundle,
)
from voting.paper.service.spoiling import REASON_NAMES, SPOILED, spoil, spoiled_of, unspoil
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.reading import read_whole
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _, say

_BUNDLE = "/desk/rounds/<round_id>/paper/bundles/<batch_id>/<int:number>"
_ACTS = {"count": count_bundle, "receive": receive_bundle}
_DONE = {
    "count": "点好了。请把这一本交给另一位工作人员，由他再数一遍接收。",
    "receive": "两个人数的一样，这一本收好了。",
}


@bp.get("/desk/rounds/<round_id>/paper/bundles")
@on_round(Permission.PAPER_RECONCILE)
def bundles(round: Round) -> Any:
    """List the bundles with how far their settling is."""
    page = request.args.get("page", 1, type=int)
    lines, pages = bundles_of(get_session(), round.id, page=page)
    if not 1 <= page <= pages:
        raise NotFound
    return render_template(
        "paper/reconciliation_bundles.html", round=round, lines=lines, page=page, pages=pages
    )


@bp.get(_BUNDLE)
@on_round(Permission.PAPER_RECONCILE)
def bundle(round: Round, batch_id: str, number: int) -> Any:
    """Ask how many papers of a bundle are left; nobody is shown how many there should be."""
    return _bundle_page(round, batch_id, number, CountBundleForm(formdata=None))


@bp.post(_BUNDLE)
@on_round(Permission.PAPER_RECONCILE)
def bundle_submit(round: Round, batch_id: str, number: int) -> Any:
    """Note what somebody counted, or receive what was counted."""
    form, act = CountBundleForm(), request.form.get("act", "")
    if act not in _ACTS:
        raise NotFound
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _ACTS[act](
                    session, now=now(), actor=current_user.actor, round=round, batch_id=batch_id,
                    number=number, unused=read_whole(form.unused.data or ""),
                )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            return _bundle_page(round, batch_id, number, form), refusal.status
        flash(_(_DONE[act]), "success")
        return redirect(url_for("paper.bundles", round_id=round.id), 303)
    return _bundle_page(round, batch_id, number, form), 422


@bp.post(_BUNDLE + "/again")
@on_round(Permission.PAPER_RECONCILE)
def bundle_again_submit(round: Round, batch_id: str, number: int) -> Any:
    """Open a counted bundle again."""
    form = CountBundleForm(formdata=None)
    try:
        with transaction() as session:
            recount_bundle(
                session, now=now(), actor=current_user.actor, round=round, batch_id=batch_id,
                number=number,
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _bundle_page(round, batch_id, number, form), refusal.status
    flash(_("可以重新点数了。"), "success")
    address = url_for("paper.bundle", round_id=round.id, batch_id=batch_id, number=number)
    return redirect(address, 303)


def _bundle_page(round: Round, batch_id: str, number: int, form: CountBundleForm) -> str:
    session = get_session()
    return render_template(
        "paper/reconciliation_bundle.html",
        round=round,
        bundle=find_bundle(session, round, batch_id, number),
        form=form,
        signed=is_reconciled(session, round.id),
    )


@bp.get("/desk/rounds/<round_id>/paper/spoiled")
@on_round(Permission.PAPER_RECONCILE)
def spoiled(round: Round) -> Any:
    """List the spoiled papers, and take another out of use."""
    return _spoiled_page(round, SpoilForm(formdata=None))


@bp.post("/desk/rounds/<round_id>/paper/spoiled")
@on_round(Permission.PAPER_RECONCILE)
def spoiled_submit(round: Round) -> Any:
    """Take a misprinted or damaged paper out of use."""
    form = SpoilForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                spoil(
                    session, now=now(), actor=current_user.actor, round=round,
                    serial=form.serial.data or "", reason=form.reason.data,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _spoiled_page(round, form), refusal.status
        flash(_("登记好了，这张票作废。请剪角，和登记表放在一起。"), "success")
        return redirect(url_for("paper.spoiled", round_id=round.id), 303)
    return _spoiled_page(round, form), 422


@bp.post("/desk/rounds/<round_id>/paper/spoiled/undo")
@on_round(Permission.PAPER_RECONCILE)
def unspoil_submit(round: Round) -> Any:
    """Put a paper back that was typed by mistake."""
    form = UnspoilForm()
    if not form.validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            unspoil(
                session, now=now(), actor=current_user.actor, round=round,
                serial=form.serial.data or "",
            )  # fmt: skip
    except Refusal as refusal:
        return _spoiled_page(round, SpoilForm(formdata=None), say(refusal)), refusal.status
    flash(_("撤销了，这张票还算没有用过。"), "success")
    return redirect(url_for("paper.spoiled", round_id=round.id), 303)


def _spoiled_page(round: Round, form: SpoilForm, problem: str = "") -> str:
    session, page = get_session(), request.values.get("page", 1, type=int)
    lines, pages = spoiled_of(session, round.id, page=page)
    return render_template(
        "paper/reconciliation_spoiled.html",
        round=round,
        form=form,
        problem=problem,
        lines=lines,
        page=min(max(page, 1), pages),
        pages=pages,
        names=REASON_NAMES,
        undoable=SPOILED,
        signed=is_reconciled(session, round.id),
    )
