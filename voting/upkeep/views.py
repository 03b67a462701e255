"""The emergency pack at the desk: made, taken, and where what happened on paper is entered."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, send_file, url_for
from flask_login import current_user

from voting.adapters.jobs import Queue
from voting.errors import NotFound, Refusal
from voting.paper.service import sheets_file
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.upkeep.forms import PackForm
from voting.upkeep.service.packing import (
    get_waiting,
    latest_batch,
    latest_pack,
    note_taken,
    order_pack,
)
from voting.web.db import current_config, get_session, now, transaction
from voting.web.text import _

bp = Blueprint("upkeep", __name__)
_REFRESH_SECONDS = 3


@bp.get("/desk/rounds/<round_id>/emergency")
@on_round(Permission.CARD_HAND_OUT)
def emergency(round: Round) -> Any:
    """Show the pack, and lead to where paper of an outage is entered."""
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
                    served=queue.is_served(), config=current_config(),
                ).id  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        queue.put(job_id)
        return redirect(url_for("upkeep.emergency", round_id=round.id), 303)
    return _page(round, form), 422


@bp.get("/desk/rounds/<round_id>/emergency/pack.pdf")
@on_round(Permission.ROLL_READ)
def pack(round: Round) -> Any:
    """Hand out the pack, and note who took it."""
    path = sheets_file(current_config().var, get_waiting(get_session(), round.id))
    if not path.exists():
        raise NotFound
    with transaction() as session:
        note_taken(session, now=now(), actor=current_user.actor, round=round)
    return send_file(path, "application/pdf", as_attachment=True, download_name=_("应急包.pdf"))


def _queue() -> Queue:
    return Queue(current_config().var / "jobs")


def _page(round: Round, form: PackForm | None = None) -> Any:
    session, served = get_session(), _queue().is_served()
    batch, job = latest_batch(session, round.id), latest_pack(session, round.id)
    path = sheets_file(current_config().var, batch) if batch else None
    page = render_template(
        "upkeep/emergency.html",
        round=round,
        wrong=form,
        batch=batch,
        job=job,
        served=served,
        made=path is not None and path.exists(),
        may_pack=Permission.ROLL_READ in current_user.permissions,
    )
    response = make_response(page)
    if job is not None and job.state in {"waiting", "running"}:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response
