"""Paper of an outage at the desk: who took a ballot, and what two officers keyed of each."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, send_file, url_for
from flask_login import current_user

from voting.adapters.jobs import Queue
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.service import candidates_of
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.upkeep.forms import BallotForm, GiveUpForm, LinesForm, PackForm
from voting.upkeep.service.emergency import (
    Marked,
    give_up_keying,
    is_entering,
    key_ballot,
    mark_lines,
    standing,
)
from voting.upkeep.service.packing import (
    latest_pack,
    note_taken,
    order_pack,
    pack_file,
)
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _

bp = Blueprint("upkeep", __name__)
_REFRESH_SECONDS = 3


@bp.get("/desk/rounds/<round_id>/emergency")
@on_round(Permission.CARD_HAND_OUT)
def emergency(round: Round) -> Any:
    """Show how far the paper of an outage is entered, and the forms for it."""
    return _page(round)


@bp.post("/desk/rounds/<round_id>/emergency/pack")
@on_round(Permission.ROLL_READ)
def pack_submit(round: Round) -> Any:
    """Order the emergency pack, for the first time or again."""
    form = PackForm()
    if form.validate_on_submit():
        queue = _queue()
        try:
            with transaction() as session:
                job_id = order_pack(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    served=queue.is_served(),
                ).id  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, pack=form), refusal.status
        queue.put(job_id)
        return redirect(url_for("upkeep.emergency", round_id=round.id), 303)
    return _page(round, pack=form), 422


@bp.get("/desk/rounds/<round_id>/emergency/pack.pdf")
@on_round(Permission.ROLL_READ)
def pack(round: Round) -> Any:
    """Hand out the pack, and note who took it."""
    path = pack_file(current_config().var, round.id)
    if not path.exists():
        raise NotFound
    with transaction() as session:
        note_taken(session, now=now(), actor=current_user.actor, round=round)
    return send_file(path, "application/pdf", as_attachment=True, download_name=_("应急包.pdf"))


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
        flash(
            _("名册上没有这些序号，或者人已经除名，没有登记：%(lines)s。", lines=lines), "warning"
        )


def _queue() -> Queue:
    return Queue(current_config().var / "jobs")


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
    pack: RefusingForm | None = None,
) -> Any:
    session, served = get_session(), _queue().is_served()
    job = latest_pack(session, round.id)
    page = render_template(
        "upkeep/emergency.html",
        round=round,
        wrong=lines or ballot or given_up or pack,
        job=job,
        served=served,
        made=pack_file(current_config().var, round.id).exists(),
        may_pack=Permission.ROLL_READ in current_user.permissions,
        lines=lines or LinesForm(formdata=None),
        ballot=ballot or _ballot_form(round, formdata=None),
        given_up=given_up or GiveUpForm(formdata=None),
        standing=standing(session, round.id),
        is_open=is_entering(session, round, now=now()),
    )
    response = make_response(page)
    if job is not None and job.state in {"waiting", "running"}:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response
