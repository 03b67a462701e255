"""The three ends of printing a batch: it went well, the printer failed, or the whole batch goes."""

from typing import Any

from flask import flash, render_template
from flask_login import current_user

from voting.errors import Refusal
from voting.paper.forms.printing import LastGoodForm, PressForm, VoidForm
from voting.paper.models import PaperBatch
from voting.paper.service import (
    confirm_printed,
    forget_sheets,
    line_of,
    reprint_from,
    sheets_made,
    void_batch,
)
from voting.paper.views.blueprint import bp, load_batch, order, queue, to_batch
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, get_session, now, transaction
from voting.web.text import _

_BATCH = "/desk/rounds/<round_id>/paper/batches/<batch_id>"


@bp.get(f"{_BATCH}/printed")
@on_round(Permission.PAPER_ISSUE)
def printed(round: Round, batch_id: str) -> Any:
    """Ask whether every bundle came out well: after that the file is gone."""
    return _printed_page(round, load_batch(round, batch_id), PressForm())


@bp.post(f"{_BATCH}/printed")
@on_round(Permission.PAPER_ISSUE)
def printed_submit(round: Round, batch_id: str) -> Any:
    """Note that a batch was printed well and delete its file."""
    found = load_batch(round, batch_id)
    form = PressForm()
    if not form.validate_on_submit():
        return _printed_page(round, found, form), 422
    try:
        with transaction() as session:
            confirm_printed(
                session, now=now(), actor=current_user.actor, batch_id=found.id,
                laid_out=sheets_made(session, found),
            )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal)
        return _printed_page(round, found, form), refusal.status
    forget_sheets(current_config().var, found)
    flash(_("已确认印好，打印文件已删掉。下面可以把本子交给工作人员。"), "success")
    return to_batch(round, found.id)


@bp.get(f"{_BATCH}/reprint")
@on_round(Permission.PAPER_ISSUE)
def reprint(round: Round, batch_id: str) -> Any:
    """Ask for the last good bundle."""
    return _reprint_page(round, load_batch(round, batch_id), LastGoodForm())


@bp.post(f"{_BATCH}/reprint")
@on_round(Permission.PAPER_ISSUE)
def reprint_submit(round: Round, batch_id: str) -> Any:
    """Spoil what follows the last good bundle and make as many papers anew."""
    found = load_batch(round, batch_id)
    form = LastGoodForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                new = reprint_from(
                    session, now=now(), actor=current_user.actor, batch_id=found.id,
                    last_good=form.number, config=current_config(),
                )  # fmt: skip
                job_id = order(session, new.id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            forget_sheets(current_config().var, found)
            queue().put(job_id)
            flash(_("没印好的票已经作废，正在另印 %(count)d 张。", count=new.count), "success")
            return to_batch(round, new.id)
    return _reprint_page(round, found, form), 422


@bp.get(f"{_BATCH}/void")
@on_round(Permission.PAPER_ISSUE)
def void(round: Round, batch_id: str) -> Any:
    """Ask why the whole batch shall go, and say what that does."""
    return _void_page(round, load_batch(round, batch_id), VoidForm())


@bp.post(f"{_BATCH}/void")
@on_round(Permission.PAPER_ISSUE)
def void_submit(round: Round, batch_id: str) -> Any:
    """Void a batch of which nobody got a paper."""
    found = load_batch(round, batch_id)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                gone = void_batch(
                    session, now=now(), actor=current_user.actor, batch_id=found.id,
                    reason=form.reason.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            forget_sheets(current_config().var, found)
            flash(_("这一批已作废：%(count)d 张票不能再用。", count=gone.count), "success")
            return to_batch(round, found.id)
    return _void_page(round, found, form), 422


def _printed_page(round: Round, found: PaperBatch, form: PressForm) -> str:
    line = line_of(get_session(), found)
    return render_template("paper/printed.html", round=round, batch=found, line=line, form=form)


def _reprint_page(round: Round, found: PaperBatch, form: LastGoodForm) -> str:
    line = line_of(get_session(), found)
    return render_template("paper/reprint.html", round=round, batch=found, line=line, form=form)


def _void_page(round: Round, found: PaperBatch, form: VoidForm) -> str:
    line = line_of(get_session(), found)
    return render_template("paper/void.html", round=round, batch=found, line=line, form=form)
