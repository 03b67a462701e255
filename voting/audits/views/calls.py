"""Call-backs: the draw, the register to print, the answers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.audits.document import CallRow, CallSheet, call_sheet
from voting.audits.forms import ANSWER_NAMES, AnswersForm, CallsForm
from voting.audits.models import CallDraw
from voting.audits.rules import power
from voting.audits.service import (
    calls_of,
    calls_state,
    draw_calls,
    first_after_closing,
    get_calls,
    note_answers,
    open_register,
)
from voting.audits.views.blueprint import bp, is_demo, printed, wanted_page
from voting.errors import Refusal
from voting.ledger.holder import checkpoint_apart
from voting.notices.holder import render
from voting.notices.rules import named_round
from voting.permissions import Permission
from voting.roll.models import CHANNEL_NAMES
from voting.roll.service import roll_counts
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import monitor_name, monitors_of
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.refusing import RefusingForm
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/audits/calls/draw")
@on_round(Permission.URN_OPEN)
def draw_people(round: Round) -> str:
    """Ask how many people shall be drawn, and by which public number."""
    return _draw_page(round, _offered(round))


@bp.post("/desk/rounds/<round_id>/audits/calls/draw")
@on_round(Permission.URN_OPEN)
def draw_people_submit(round: Round) -> Any:
    """Draw them, once."""
    form = _offered(round)
    if form.validate_on_submit():
        try:
            _sign_if_due(round)
            with transaction() as session:
                made = draw_calls(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    monitor_id=form.monitor.data, public_number=form.public_number.data or "",
                    source=form.source.data or "", count=int(form.count.data or 0),
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _draw_page(round, form), refusal.status
        flash(_("抽出了 %(count)d 位。请打印登记表，派人回访。", count=made.drawn), "success")
        return redirect(url_for("audits.calls", round_id=round.id), 303)
    return _draw_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/audits/calls")
@on_round(Permission.URN_OPEN)
def calls(round: Round) -> str:
    """Show the people drawn, to note what they said, and what that shows."""
    return _calls_page(round, RefusingForm())


@bp.post("/desk/rounds/<round_id>/audits/calls")
@on_round(Permission.URN_OPEN)
def calls_submit(round: Round) -> Any:
    """Note the answers of one page."""
    lines, _pages = calls_of(get_session(), round.id, page=wanted_page())
    form = AnswersForm(lines)
    if form.validate_on_submit() and form.read(request.form):
        try:
            with transaction() as session:
                changed = note_answers(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    noted=form.noted,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _calls_page(round, form), refusal.status
        flash(_("已保存，改动了 %(count)d 位。", count=changed), "success")
        place = url_for("audits.calls", round_id=round.id, page=wanted_page())
        return redirect(place, 303)
    return _calls_page(round, form), 422


@bp.post("/desk/rounds/<round_id>/audits/calls/register")
@on_round(Permission.URN_OPEN)
def register_submit(round: Round) -> Any:
    """Return the register with rooms and telephones, and note that somebody printed it."""
    form = RefusingForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                facts = _register(session, round, get_calls(session, round.id))
        except Refusal as refusal:
            form.refuse(refusal)
            return _calls_page(round, form), refusal.status
        return printed(call_sheet(facts, render=render))
    return _calls_page(round, form), 422


def _sign_if_due(round: Round) -> None:
    """Let the ledger be signed if it has not been since voting ended: the draw follows from that head."""
    if round.closing <= now() and first_after_closing(get_session(), round) is None:
        checkpoint_apart(round.id)


def _register(session: Any, round: Round, draw: CallDraw) -> CallSheet:
    people = open_register(
        session, now=now(), actor=current_user.actor, keys=current_keys(), round_id=round.id
    )
    rows = [
        CallRow(
            place=one.place, name=one.name, building=one.building, room=one.room, phone=one.phone,
            channel=_(CHANNEL_NAMES[one.channel]) if one.channel else "—",
        )
        for one in people
    ]  # fmt: skip
    return CallSheet(
        round_title=named_round(round.title),
        drawn_at=draw.at,
        monitor=monitor_name(session, draw.monitor_id),
        public_number=draw.public_number,
        source=draw.source,
        size=draw.size,
        root=draw.root.hex(),
        seed=draw.seed.hex(),
        marked=draw.marked,
        rows=tuple(rows),
        help_phone=round.help_number,
        power=tuple(power(draw.drawn)),
        demo=is_demo(),
        rehearsal=round.kind == "rehearsal",
    )


def _offered(round: Round) -> CallsForm:
    form = CallsForm()
    form.offer(monitors_of(get_session(), round.id))
    return form


def _draw_page(round: Round, form: CallsForm) -> str:
    session = get_session()
    marked = roll_counts(session, round.id).marked
    return render_template("audits/draw_calls.html", round=round, form=form, marked=marked)


def _calls_page(round: Round, form: RefusingForm) -> str:
    session, page = get_session(), wanted_page()
    lines, pages = calls_of(session, round.id, page=page)
    state = calls_state(session, round.id)
    chosen = {line.id: request.form.get(f"answer-{line.id}") for line in lines}
    return render_template(
        "audits/calls.html",
        round=round,
        form=form,
        state=state,
        lines=lines,
        chosen=chosen,
        names=ANSWER_NAMES,
        page=min(page, pages),
        pages=pages,
        power=power(state.answers.reached or state.answers.drawn),
    )
