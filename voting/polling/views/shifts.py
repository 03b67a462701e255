"""Who is on duty at a polling place."""

from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user

from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.polling.forms import ShiftForm
from voting.polling.service import add_shift, get_place, offered_for_shifts, remove_shift
from voting.polling.views.blueprint import act, bp, place_page
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/shifts")
@on_round(Permission.POLLING_MANAGE)
def shift_submit(round: Round, place_id: str) -> Any:
    """Put somebody on duty, or note that they were."""
    get_place(get_session(), round.id, place_id)
    form = ShiftForm()
    form.offer(offered_for_shifts(get_session(), round))
    if not form.validate_on_submit():
        return place_page(round, place_id, form), 422
    try:
        with transaction() as session:
            add_shift(
                session, now=now(), actor=current_user.actor, round_id=round.id, place_id=place_id,
                officer_id=form.officer_id.data, day=form.day.data or local_day(now()),
                begins=f"{form.begins.data:%H:%M}", ends=f"{form.ends.data:%H:%M}",
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return place_page(round, place_id, form), refusal.status
    flash(_("值班已登记。"), "success")
    return redirect(url_for("polling.show", round_id=round.id, place_id=place_id), 303)


@bp.post("/desk/rounds/<round_id>/polling/<place_id>/shifts/<shift_id>/remove")
@on_round(Permission.POLLING_MANAGE)
def remove_shift_submit(round: Round, place_id: str, shift_id: str) -> Any:
    """Take a shift off the list."""

    def work() -> None:
        with transaction() as session:
            remove_shift(
                session, now=now(), actor=current_user.actor, round_id=round.id,
                place_id=place_id, shift_id=shift_id,
            )  # fmt: skip

    return act(round, place_id, work, _("已删除这一班。"))
