"""A worker finds a claim by its short code, compares face and document, and lets the person vote or not."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.posters.forms import FindClaimForm
from voting.posters.rules import read_claim_code
from voting.posters.service import claimable, confirm_claim, refuse_claim, see_claim
from voting.posters.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import SecondFactor
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _, say


@bp.get("/desk/rounds/<round_id>/poster")
@on_round(Permission.CARD_HAND_OUT)
def find(round: Round) -> Any:
    """Ask for the short code, where no camera is at hand."""
    return _find_page(round, FindClaimForm())


@bp.post("/desk/rounds/<round_id>/poster")
@on_round(Permission.CARD_HAND_OUT)
def find_submit(round: Round) -> Any:
    """Go to the claim with the typed short code."""
    form = FindClaimForm()
    if not form.validate_on_submit():
        return _find_page(round, form), 422
    code = read_claim_code(form.code.data or "")
    return redirect(url_for("posters.seen", round_id=round.id, code=code), 303)


@bp.get("/desk/rounds/<round_id>/poster/<code>")
@on_round(Permission.CARD_HAND_OUT)
def seen(round: Round, code: str) -> Any:
    """Show what the roll says of the person who stands there."""
    try:
        claim = see_claim(
            get_session(), now=now(), keys=current_keys(), round_id=round.id, code=_read(code)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _find_page(round, FindClaimForm(), say(refusal)), refusal.status
    return render_template("posters/seen.html", round=round, code=_read(code), claim=claim)


@bp.post("/desk/rounds/<round_id>/poster/<code>/confirm")
@on_round(Permission.CARD_HAND_OUT)
def confirm_submit(round: Round, code: str) -> Any:
    """Let the person vote."""
    return _decide(round, code, confirm_claim, _("已放行。居民的手机几秒钟内会自动打开选票。"))


@bp.post("/desk/rounds/<round_id>/poster/<code>/refuse")
@on_round(Permission.CARD_HAND_OUT)
def refuse_submit(round: Round, code: str) -> Any:
    """Send the person away."""
    return _decide(round, code, refuse_claim, _("已记下：没有放行。这次核实已作废。"))


def _decide(round: Round, code: str, decide: Any, done: str) -> Any:
    if not RefusingForm().validate_on_submit():
        raise NotFound
    try:
        with transaction() as session:
            decide(
                session, now=now(), actor=current_user.actor, keys=current_keys(),
                round_id=round.id, code=_read(code),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _find_page(round, FindClaimForm(), say(refusal)), refusal.status
    flash(done, "success")
    return redirect(url_for("posters.find", round_id=round.id), 303)


def _read(code: str) -> str:
    return read_claim_code(code) or ""


def _find_page(round: Round, form: FindClaimForm, problem: str = "") -> str:
    problem = problem or _closed(round)
    return render_template("posters/find.html", round=round, form=form, problem=problem)


def _closed(round: Round) -> str:
    try:
        claimable(get_session(), round.id, SecondFactor.WORKER, now())
    except NotFound:
        return str(_("这一轮没有开通“海报码加工作人员当面核对”。"))
    except Refusal as refusal:
        return say(refusal)
    return ""
