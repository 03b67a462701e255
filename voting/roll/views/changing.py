"""Changes of a frozen roll: one officer asks, another confirms or refuses."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from voting.adapters.jobs import latest
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import STRIKE_REASONS, ConfirmForm
from voting.roll.holder import current_queue, start
from voting.roll.models import BASIS_NAMES, RollChange
from voting.roll.rules.applying import PROOF_NAMES, is_living
from voting.roll.service import (
    ACT_NAMES,
    CONFIRM,
    asked_of,
    confirm_change,
    confirm_changes,
    decided_changes,
    get_change,
    names_of,
    order_confirming,
    phase_of,
    refuse_change,
    waiting_changes,
)
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _, say

_CHANGES = "/desk/rounds/<round_id>/roll/changes"
_ONE = f"{_CHANGES}/<change_id>"
_REFRESH_SECONDS = 2


@bp.get(_CHANGES)
@on_round(Permission.ROLL_IMPORT)
def changes(round: Round) -> Any:
    """Show the changes that wait for a second officer."""
    return _changes_page(round, ConfirmForm(formdata=None))


@bp.post(_CHANGES)
@on_round(Permission.ROLL_IMPORT)
def changes_submit(round: Round) -> Any:
    """Confirm the ticked changes, each or not at all."""
    form = ConfirmForm()
    _offer(form, round)
    if not form.validate_on_submit():
        return _changes_page(round, form), 422
    with transaction() as session:
        made = confirm_changes(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
            change_ids=form.change.data or [],
        )
    if made.done:
        flash(_("已确认 %(count)d 项，名册已经改了。", count=made.done), "success")
    for change, refusal in made.refused:
        flash(f"{change.name_masked}：{say(refusal)}", "warning")
    return _to_changes(round)


@bp.post(f"{_CHANGES}/all")
@on_round(Permission.ROLL_IMPORT)
def changes_all_submit(round: Round) -> Any:
    """Confirm everything that others asked for, as a job."""
    with transaction() as session:
        job = order_confirming(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            served=current_queue().is_served(),
        )
        is_waiting = job.state == "waiting"
    if is_waiting:
        start(job.id)
    return _to_changes(round)


@bp.get(f"{_CHANGES}/history")
@on_round(Permission.ROLL_READ)
def change_history(round: Round) -> str:
    """Show the changes that were made or refused, the latest first."""
    page = request.args.get("page", 1, type=int)
    found = decided_changes(get_session(), round.id, page=page)
    return render_template("roll/change_history.html", round=round, found=found, **_words())


@bp.get(_ONE)
@on_round(Permission.ROLL_IMPORT)
def change(round: Round, change_id: str) -> str:
    """Show one change: how the person stands, and how they would."""
    return _change_page(round, change_id)


@bp.post(f"{_ONE}/confirm")
@on_round(Permission.ROLL_IMPORT)
def change_confirm_submit(round: Round, change_id: str) -> Any:
    """Make a change that somebody else asked for."""
    try:
        with transaction() as session:
            confirm_change(
                session,
                now=now(),
                actor=current_user.actor,
                keys=current_keys(),
                round_id=round.id,
                change_id=change_id,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _change_page(round, change_id, say(refusal)), refusal.status
    flash(_("已确认，名册已经改了。"), "success")
    return _to_changes(round)


@bp.post(f"{_ONE}/refuse")
@on_round(Permission.ROLL_IMPORT)
def change_refuse_submit(round: Round, change_id: str) -> Any:
    """Leave the roll as it is."""
    try:
        with transaction() as session:
            refuse_change(
                session,
                now=now(),
                actor=current_user.actor,
                round_id=round.id,
                change_id=change_id,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _change_page(round, change_id, say(refusal)), refusal.status
    flash(_("已退回，名册没有改动。"), "success")
    return _to_changes(round)


def reason_words(change: RollChange) -> Any:
    """Return why a change was asked for, as a reader wants it."""
    if change.act == "strike":
        return STRIKE_REASONS.get(change.reason, change.reason)
    return PROOF_NAMES.get(change.reason, change.reason) if change.application_id else change.reason


def _offer(form: ConfirmForm, round: Round) -> None:
    page = request.args.get("page", 1, type=int)
    form.change.choices = [
        SelectChoice(one.id, one.name_masked)
        for one in waiting_changes(get_session(), round.id, page=page).changes
    ]


def _changes_page(round: Round, form: ConfirmForm) -> Any:
    session = get_session()
    page = request.args.get("page", 1, type=int)
    job = latest(session, kind=CONFIRM, subject_id=round.id)
    is_moving = job is not None and job.state in {"waiting", "running"}
    response = make_response(
        render_template(
            "roll/changes.html",
            round=round,
            form=form,
            found=waiting_changes(session, round.id, page=page),
            job=job if job and job.state != "done" else None,
            is_open=is_living(phase_of(round, now())),
            mine=current_user.id,
            **_words(),
        )
    )
    if is_moving:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)
    return response


def _change_page(round: Round, change_id: str, problem: str = "") -> str:
    session = get_session()
    found = get_change(session, round.id, change_id)
    return render_template(
        "roll/change.html",
        round=round,
        change=found,
        asked=asked_of(session, keys=current_keys(), round=round, change=found),
        names=names_of(session, [found]),
        bases=BASIS_NAMES,
        problem=problem,
        is_open=is_living(phase_of(round, now())),
        mine=current_user.id,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"act_names": ACT_NAMES, "reason_words": reason_words}


def _to_changes(round: Round) -> Any:
    return redirect(url_for("roll.changes", round_id=round.id), 303)
