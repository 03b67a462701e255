"""A rehearsal is made from a round, filled with invented people, and deleted when it has done its work."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.clock import SHANGHAI
from voting.conduct.forms import DeleteForm, RehearseForm
from voting.conduct.service.rehearsals import NotARehearsal, clear_remains, delete_rehearsal
from voting.conduct.service.rehearsing import fill_roll, rehearse
from voting.conduct.views.blueprint import bp, to_round
from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.service import candidates_of
from voting.roll.service import roll_counts
from voting.roll.service.shelf import Shelf
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import notices_of
from voting.web.db import (
    current_config,
    current_files,
    current_keys,
    get_session,
    now,
    transaction,
)
from voting.web.text import _

_CLOSES = time(17)
_SOON = timedelta(hours=1)
_HALF_HOUR = 30


@bp.get("/desk/rounds/<round_id>/rehearse")
@on_round(Permission.ROUND_EDIT)
def rehearsal(round: Round) -> str:
    """Ask when the rehearsal of a round shall be."""
    opens = _next_half_hour(now() + _SOON)
    closes_day = opens.date() + timedelta(days=1)
    form = RehearseForm(
        formdata=None,
        data={
            "opens_day": opens.date(),
            "opens_time": opens.time(),
            "closes_day": closes_day,
            "closes_time": _CLOSES,
        },
    )
    return _rehearse_page(form, round)


@bp.post("/desk/rounds/<round_id>/rehearse")
@on_round(Permission.ROUND_EDIT)
def rehearsal_submit(round: Round) -> Any:
    """Make a rehearsal with the plan and the list of a round."""
    form = RehearseForm()
    if form.validate_on_submit():
        opens_at, closes_at = form.times
        try:
            with transaction() as session:
                made = rehearse(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    opens_at=opens_at,
                    closes_at=closes_at,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("演练轮次建好了。导入名册，或者填入 20 个演练的人，就可以往下走。"), "success")
            return to_round(made.id)
    return _rehearse_page(form, round), 422


@bp.post("/desk/rounds/<round_id>/rehearsal-roll")
@on_round(Permission.ROLL_IMPORT)
def rehearsal_roll_submit(round: Round) -> Any:
    """List twenty invented people for a rehearsal."""
    with transaction() as session:
        report = fill_roll(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
        )
    flash(_("名册里填入了 %(number)s 个演练的人。", number=report.accepted), "success")
    return to_round(round.id)


@bp.get("/desk/rounds/<round_id>/delete")
@on_round(Permission.ROUND_EDIT)
def deletion(round: Round) -> str:
    """Say what goes when a rehearsal is deleted."""
    return _delete_page(DeleteForm(formdata=None), round)


@bp.post("/desk/rounds/<round_id>/delete")
@on_round(Permission.ROUND_EDIT)
def deletion_submit(round: Round) -> Any:
    """Delete a rehearsal with everything that belongs to it."""
    form = DeleteForm()
    if not form.validate_on_submit():
        return _delete_page(form, round), 422
    with transaction() as session:
        remains = delete_rehearsal(session, now=now(), actor=current_user.actor, round_id=round.id)
    with transaction() as session:
        clear_remains(
            session,
            keys=current_keys(),
            files=current_files(),
            shelf=Shelf(current_config().var, current_keys()),
            remains=remains,
        )
    flash(_("演练轮次删掉了，操作记录里留了一条。"), "success")
    return redirect(url_for("rounds.index"), 303)


def _rehearse_page(form: RehearseForm, round: Round) -> str:
    listed = candidates_of(get_session(), round.id)
    return render_template("conduct/rehearse.html", form=form, round=round, listed=len(listed))


def _delete_page(form: DeleteForm, round: Round) -> str:
    if round.kind != "rehearsal":
        raise NotARehearsal
    session = get_session()
    return render_template(
        "conduct/delete_rehearsal.html",
        form=form,
        round=round,
        listed=len(candidates_of(session, round.id)),
        counts=roll_counts(session, round.id),
        notices=len(notices_of(session, round.id)),
    )


def _next_half_hour(moment: datetime) -> datetime:
    local = moment.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    return local + timedelta(minutes=-local.minute % _HALF_HOUR)
