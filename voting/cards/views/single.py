"""One card: void it, or print another in its place."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user

from voting.cards.forms import CardForm
from voting.cards.service import (
    find_by_serial,
    find_in_hand,
    replace_card,
    void_card,
)
from voting.cards.views.blueprint import bp, order, queue, to_batch
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/cards/void-card")
@on_round(Permission.CARD_VOID)
def void_one(round: Round) -> Any:
    """Ask for the card that shall go."""
    return _void_page(round, CardForm())


@bp.post("/desk/rounds/<round_id>/cards/void-card")
@on_round(Permission.CARD_VOID)
def void_one_submit(round: Round) -> Any:
    """Void one card by its number, its code, or a scan."""
    form = CardForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                card = find_in_hand(
                    session, round.id, form.card.data or "", card_key=current_keys().card_key()
                )
                void_card(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    card=card,
                    reason=form.reason.data,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("卡 %(serial)s 已作废，不能再用。", serial=card.serial), "success")
            return to_batch(round, card.batch_id)
    return _void_page(round, form), 422


@bp.get("/desk/rounds/<round_id>/cards/replace-card")
@on_round(Permission.CARD_VOID)
def replace_one(round: Round) -> Any:
    """Ask for the stub of the card that was lost."""
    return _replace_page(round, CardForm())


@bp.post("/desk/rounds/<round_id>/cards/replace-card")
@on_round(Permission.CARD_VOID)
def replace_one_submit(round: Round) -> Any:
    """Void a card by its stub and print one in its place."""
    form = CardForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                old = find_by_serial(session, round.id, form.card.data or "")
                new = replace_card(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    card=old,
                    reason=form.reason.data,
                    config=current_config(),
                )
                job_id = order(session, new.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            queue().put(job_id)
            flash(_("卡 %(serial)s 已作废，新卡正在生成。", serial=old.serial), "success")
            return to_batch(round, new.id)
    return _replace_page(round, form), 422


def _void_page(round: Round, form: CardForm) -> str:
    return render_template("cards/void_card.html", round=round, form=form)


def _replace_page(round: Round, form: CardForm) -> str:
    return render_template("cards/replace_card.html", round=round, form=form)
