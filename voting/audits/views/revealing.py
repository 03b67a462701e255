"""After voting: what the monitors wrote is typed card by card, then revealed in one act."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.audits.forms import MonitorForm, WrittenForm
from voting.audits.service import (
    cards_state,
    get_card,
    next_unwritten,
    reveal,
    write_down,
    written_of,
)
from voting.audits.views.blueprint import bp
from voting.ballots.service import load_paper
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.service import monitors_of
from voting.web.db import get_session, now, transaction
from voting.web.text import _

_CARD = "/desk/rounds/<round_id>/audits/cards/<int:number>"


@bp.get(_CARD)
@on_round(Permission.URN_OPEN)
def written(round: Round, number: int) -> str:
    """Ask what the monitor wrote down of one test card."""
    kept = written_of(get_session(), round.id, number)
    data = {"receipt": kept.code, "choices": [str(one) for one in kept.choices]} if kept else {}
    return _written_page(round, number, _offered(round, WrittenForm(**data)))


@bp.post(_CARD)
@on_round(Permission.URN_OPEN)
def written_submit(round: Round, number: int) -> Any:
    """Note it, and go to the next card of which nothing was noted."""
    form = _offered(round, WrittenForm())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                write_down(
                    session, now=now(), actor=current_user.actor, round_id=round.id, number=number,
                    code=form.code, choices=form.chosen, missing=bool(form.missing.data),
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _written_page(round, number, form), refusal.status
        flash(_("第 %(number)d 张已录入。", number=number), "success")
        following = next_unwritten(get_session(), round.id)
        if following is None:
            return redirect(url_for("audits.cards", round_id=round.id), 303)
        return redirect(url_for("audits.written", round_id=round.id, number=following), 303)
    return _written_page(round, number, form), 422


@bp.get("/desk/rounds/<round_id>/audits/cards/reveal")
@on_round(Permission.URN_OPEN)
def reveal_all(round: Round) -> str:
    """Ask whether what was typed shall be revealed."""
    return _reveal_page(round, _with_monitors(round))


@bp.post("/desk/rounds/<round_id>/audits/cards/reveal")
@on_round(Permission.URN_OPEN)
def reveal_all_submit(round: Round) -> Any:
    """Reveal: from here on it stands."""
    form = _with_monitors(round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                made = reveal(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    monitor_id=form.monitor.data,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _reveal_page(round, form), refusal.status
        flash(
            _(
                "已公布 %(revealed)d 张，作废没用的 %(voided)d 张。现在可以开箱计票。",
                revealed=made.revealed, voided=made.voided,
            ),
            "success",
        )  # fmt: skip
        return redirect(url_for("audits.cards", round_id=round.id), 303)
    return _reveal_page(round, form), 422


def _offered(round: Round, form: WrittenForm) -> WrittenForm:
    form.offer(load_paper(get_session(), round.id).candidates)
    return form


def _with_monitors(round: Round) -> MonitorForm:
    form = MonitorForm()
    form.offer(monitors_of(get_session(), round.id))
    return form


def _written_page(round: Round, number: int, form: WrittenForm) -> str:
    card = get_card(get_session(), round.id, number)
    state = cards_state(get_session(), round.id)
    return render_template("audits/written.html", round=round, card=card, form=form, state=state)


def _reveal_page(round: Round, form: MonitorForm) -> str:
    session = get_session()
    return render_template(
        "audits/reveal.html",
        round=round,
        form=form,
        state=cards_state(session, round.id),
        lacking=next_unwritten(session, round.id),
    )
