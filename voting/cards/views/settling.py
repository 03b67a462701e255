"""The three ends of printing: it went well, the printer failed, or the whole batch goes."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user

from voting.cards.forms import ActForm, ReprintForm, VoidBatchForm
from voting.cards.models import CardBatch
from voting.cards.service import (
    confirm_printed,
    counts_of,
    forget_batch,
    reprint_from,
    sheets_made,
    void_batch,
)
from voting.cards.views.blueprint import bp, load_batch, order, queue, to_batch
from voting.errors import Refusal
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _


def _forget(batch_id: str) -> None:
    forget_batch(current_keys(), current_config().var, batch_id)


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>/printed")
@on_round(Permission.CARD_ISSUE)
def printed(round: Round, batch_id: str) -> Any:
    """Ask whether every sheet came out well: after that the file is gone."""
    found = load_batch(round, batch_id)
    return render_template("cards/printed.html", round=round, batch=found, form=ActForm())


@bp.post("/desk/rounds/<round_id>/cards/batches/<batch_id>/printed")
@on_round(Permission.CARD_ISSUE)
def printed_submit(round: Round, batch_id: str) -> Any:
    """Note that a batch was printed well and forget what was on its cards."""
    found = load_batch(round, batch_id)
    form = ActForm()
    try:
        with transaction() as session:
            confirm_printed(
                session,
                now=now(),
                actor=current_user.actor,
                batch_id=found.id,
                sheets_made=sheets_made(session, found.id),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        page = render_template("cards/printed.html", round=round, batch=found, form=form)
        return page, refusal.status
    _forget(found.id)
    flash(_("已确认印好。卡上的内容已从系统里删掉，可以开始发卡。"), "success")
    return to_batch(round, found.id)


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>/reprint")
@on_round(Permission.CARD_VOID)
def reprint(round: Round, batch_id: str) -> Any:
    """Ask for the last good sheet."""
    return _reprint_page(round, load_batch(round, batch_id), ReprintForm())


@bp.post("/desk/rounds/<round_id>/cards/batches/<batch_id>/reprint")
@on_round(Permission.CARD_VOID)
def reprint_submit(round: Round, batch_id: str) -> Any:
    """Void what follows the last good sheet and make as many cards anew."""
    found = load_batch(round, batch_id)
    form = ReprintForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                new = reprint_from(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    batch_id=found.id,
                    last_good=form.last_good.data or 0,
                    config=current_config(),
                )
                job_id = order(session, new.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _forget(found.id)
            queue().put(job_id)
            flash(_("没印好的卡已经作废，正在重印 %(count)d 张。", count=new.count), "success")
            return to_batch(round, new.id)
    return _reprint_page(round, found, form), 422


@bp.get("/desk/rounds/<round_id>/cards/batches/<batch_id>/void")
@on_round(Permission.CARD_VOID)
def void(round: Round, batch_id: str) -> Any:
    """Ask why the whole batch shall go, and say what that does."""
    return _void_page(round, load_batch(round, batch_id), VoidBatchForm())


@bp.post("/desk/rounds/<round_id>/cards/batches/<batch_id>/void")
@on_round(Permission.CARD_VOID)
def void_submit(round: Round, batch_id: str) -> Any:
    """Void every unspent card of a batch."""
    found = load_batch(round, batch_id)
    form = VoidBatchForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                gone = void_batch(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    batch_id=found.id,
                    reason=form.reason.data or "",
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _forget(found.id)
            flash(_("这一批已作废：%(count)d 张卡不能再用。", count=gone.count), "success")
            return to_batch(round, found.id)
    return _void_page(round, found, form), 422


def _reprint_page(round: Round, found: CardBatch, form: ReprintForm) -> str:
    return render_template("cards/reprint.html", round=round, batch=found, form=form)


def _void_page(round: Round, found: CardBatch, form: VoidBatchForm) -> str:
    counts = counts_of(get_session(), found.id)
    return render_template("cards/void.html", round=round, batch=found, counts=counts, form=form)
