"""Drawing test cards, the list of them, and the sheet for the monitors."""

from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.audits.document import CardSheet, SheetCard, card_sheet
from voting.audits.forms import DrawForm, MonitorForm, SerialsForm
from voting.audits.rules import power
from voting.audits.service import (
    cards_of,
    cards_state,
    count_drawable,
    draw_by_hand,
    draw_by_system,
)
from voting.audits.views.blueprint import bp, is_demo, printed, wanted_page
from voting.errors import NotFound, Refusal
from voting.notices.holder import render
from voting.notices.rules import named_round
from voting.permissions import Permission
from voting.roll.service import roll_counts
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import monitors_of
from voting.web.db import get_session, now, transaction
from voting.web.text import _

Form = TypeVar("Form", bound=MonitorForm)


@bp.get("/desk/rounds/<round_id>/audits/cards/draw")
@on_round(Permission.URN_OPEN)
def draw(round: Round) -> str:
    """Ask how many cards the machine shall draw, and before which monitor."""
    return _draw_page(round, _offered(DrawForm(), round))


@bp.post("/desk/rounds/<round_id>/audits/cards/draw")
@on_round(Permission.URN_OPEN)
def draw_submit(round: Round) -> Any:
    """Let the machine draw."""
    form = _offered(DrawForm(), round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                made = draw_by_system(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    monitor_id=form.monitor.data, count=int(form.count.data or 0),
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _draw_page(round, form), refusal.status
        return _done(round, made.count)
    return _draw_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/audits/cards/by-hand")
@on_round(Permission.URN_OPEN)
def by_hand(round: Round) -> str:
    """Ask for the numbers of the cards that a monitor took from the box."""
    return _hand_page(round, _offered(SerialsForm(), round))


@bp.post("/desk/rounds/<round_id>/audits/cards/by-hand")
@on_round(Permission.URN_OPEN)
def by_hand_submit(round: Round) -> Any:
    """Note the cards that a monitor took from the box."""
    form = _offered(SerialsForm(), round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                made = draw_by_hand(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    monitor_id=form.monitor.data, serials=form.serials.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _hand_page(round, form), refusal.status
        return _done(round, made.count)
    return _hand_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/audits/cards")
@on_round(Permission.URN_OPEN)
def cards(round: Round) -> str:
    """List the test cards, and how far their writing down has come."""
    session, page = get_session(), wanted_page()
    state = cards_state(session, round.id)
    lines, pages = cards_of(session, round.id, page=page)
    revealing = round.phase_at(now()) is Phase.COUNTING and not state.is_opened
    return render_template(
        "audits/cards.html",
        round=round,
        state=state,
        lines=lines,
        page=min(page, pages),
        pages=pages,
        can_reveal=revealing and state.reveal is None,
    )


@bp.get("/desk/rounds/<round_id>/audits/cards/sheet.pdf")
@on_round(Permission.URN_OPEN)
def sheet(round: Round) -> Any:
    """Return the sheet on which the monitors write what they vote."""
    lines, _pages = cards_of(get_session(), round.id, page=None)
    if not lines:
        raise NotFound
    facts = CardSheet(
        round_title=named_round(round.title),
        closing=round.closing,
        most=round.max_choices,
        least=round.min_choices,
        cards=tuple(SheetCard(line.number, line.serial) for line in lines),
        help_phone=round.help_number,
        power=tuple(power(len(lines))),
        demo=is_demo(),
        rehearsal=round.kind == "rehearsal",
        spending=round.spending,
    )
    return printed(card_sheet(facts, render=render))


def _offered(form: Form, round: Round) -> Form:
    form.offer(monitors_of(get_session(), round.id))
    return form


def _done(round: Round, count: int) -> Any:
    flash(
        _("抽好了 %(count)d 张暗访卡。请打印登记表，连卡一起交给监票人。", count=count), "success"
    )
    return redirect(url_for("audits.cards", round_id=round.id), 303)


def _draw_page(round: Round, form: DrawForm) -> str:
    session = get_session()
    return render_template(
        "audits/draw.html",
        round=round,
        form=form,
        left=count_drawable(session, round.id),
        handed=roll_counts(session, round.id).marked,
    )


def _hand_page(round: Round, form: SerialsForm) -> str:
    return render_template("audits/by_hand.html", round=round, form=form)
