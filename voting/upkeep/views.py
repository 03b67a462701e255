"""Paper of an outage at the desk: who took a ballot, and what two officers keyed of each."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.service import candidates_of
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.upkeep.forms import BallotForm, GiveUpForm, LinesForm
from voting.upkeep.service.emergency import (
    Marked,
    give_up_keying,
    is_entering,
    key_ballot,
    mark_lines,
    standing,
)
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _

bp = Blueprint("upkeep", __name__)


@bp.get("/desk/rounds/<round_id>/emergency")
@on_round(Permission.CARD_HAND_OUT)
def emergency(round: Round) -> str:
    """Show how far the paper of an outage is entered, and the forms for it."""
    return _page(round)


@bp.post("/desk/rounds/<round_id>/emergency/marks")
@on_round(Permission.CARD_HAND_OUT)
def marks_submit(round: Round) -> Any:
    """Mark the people who signed for a paper ballot; whoever voted already is listed and not marked."""
    form = LinesForm()
    if form.validate_on_submit():
        try:
            numbers = form.numbers
            with transaction() as session:
                made = mark_lines(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, numbers=numbers,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, lines=form), refusal.status
        _tell(made)
        return redirect(url_for("upkeep.emergency", round_id=round.id), 303)
    return _page(round, lines=form), 422


@bp.post("/desk/rounds/<round_id>/emergency/ballots")
@on_round(Permission.CARD_HAND_OUT)
def ballots_submit(round: Round) -> Any:
    """Key a paper ballot: the first time it is kept as a keyed hash, the second time it goes into the urn."""
    form = _ballot_form(round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                is_in = key_ballot(
                    session, now=now(), actor=current_user.actor, keys=current_keys(),
                    round_id=round.id, serial=form.serial.data or 0, choices=form.choices.data or [],
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, ballot=form), refusal.status
        serial = form.serial.data
        if is_in:
            flash(_("%(serial)d 号票两遍一致，已经投进票箱。", serial=serial), "success")
        else:
            flash(
                _("%(serial)d 号票录了第一遍，请另一位工作人员录第二遍。", serial=serial), "success"
            )
        return redirect(url_for("upkeep.emergency", round_id=round.id, _anchor="ballots"), 303)
    return _page(round, ballot=form), 422


@bp.post("/desk/rounds/<round_id>/emergency/ballots/give-up")
@on_round(Permission.CARD_HAND_OUT)
def give_up_submit(round: Round) -> Any:
    """Give up a first keying that was wrong."""
    form = GiveUpForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                give_up_keying(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    serial=form.given_up.data or 0,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, given_up=form), refusal.status
        flash(_("%(serial)d 号票的第一遍作废了，请重新录。", serial=form.given_up.data), "success")
        return redirect(url_for("upkeep.emergency", round_id=round.id, _anchor="ballots"), 303)
    return _page(round, given_up=form), 422


def _tell(made: Marked) -> None:
    flash(_("登记了 %(number)d 人领纸质票。", number=made.marked), "success")
    if made.used:
        lines = "、".join(map(str, made.used))
        said = _("这些序号已经领过卡或投过票，没有再登记，请和登记表核对：%(lines)s。", lines=lines)
        flash(said, "warning")
    if made.unknown:
        lines = "、".join(map(str, made.unknown))
        flash(_("名册上没有这些序号：%(lines)s。", lines=lines), "warning")


def _ballot_form(round: Round, **options: Any) -> BallotForm:
    form = BallotForm(**options)
    listed = candidates_of(get_session(), round.id)
    form.offer([(one.ballot_number or 0, one.title) for one in listed])
    return form


def _page(
    round: Round,
    *,
    lines: RefusingForm | None = None,
    ballot: RefusingForm | None = None,
    given_up: RefusingForm | None = None,
) -> str:
    session = get_session()
    return render_template(
        "upkeep/emergency.html",
        round=round,
        wrong=lines or ballot or given_up,
        lines=lines or LinesForm(formdata=None),
        ballot=ballot or _ballot_form(round, formdata=None),
        given_up=given_up or GiveUpForm(formdata=None),
        standing=standing(session, round.id),
        is_open=is_entering(session, round, now=now()),
    )
