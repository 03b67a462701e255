"""The ledger at the desk: where it stands, signing now, the daily paper, the witnesses."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.cards.service import get_batch
from voting.errors import Refusal
from voting.ledger.document import CHECKPOINT
from voting.ledger.forms import ActForm, WitnessForm
from voting.ledger.holder import checkpoint_apart, mailer
from voting.ledger.rules.notes import head_digits
from voting.ledger.rules.statements import read_statement
from voting.ledger.service import add_witness, find_head, remove_witness, witnesses_of
from voting.ledger.views.blueprint import bp
from voting.ledger.views.notice import issue_checkpoint
from voting.notices.holder import page_of
from voting.notices.service import find_notice
from voting.paper.service import get_batch as get_paper_batch
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _, say

_TO_CARDS = "/desk/rounds/<round_id>/ledger/batches/<batch_id>"


@bp.get("/desk/rounds/<round_id>/ledger")
@on_round(Permission.ROUND_READ)
def desk(round: Round) -> str:
    """Show where a round's ledger stands and what can be done with it."""
    return _page(round, ActForm(), WitnessForm())


@bp.post("/desk/rounds/<round_id>/ledger/checkpoint")
@on_round(Permission.URN_OPEN)
def checkpoint_submit(round: Round) -> Any:
    """Append what waits and sign, without waiting for the next turn."""
    form = ActForm()
    if not form.validate_on_submit():
        return _page(round, form, WitnessForm()), 422
    try:
        made = checkpoint_apart(round.id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(round, form, WitnessForm()), refusal.status
    flash(
        _("已封存到第 %(size)s 条，封存号 %(head)s。", size=made.size, head=head_digits(made.root)),
        "success",
    )
    return _back(round)


@bp.post(_TO_CARDS)
@on_round(Permission.CARD_ISSUE)
def batch_submit(round: Round, batch_id: str) -> Any:
    """Put a batch of cards into the ledger now, so that it can be handed out."""
    get_batch(get_session(), batch_id, round_id=round.id)
    _mark_now(round)
    return redirect(url_for("cards.batch", round_id=round.id, batch_id=batch_id), 303)


@bp.post("/desk/rounds/<round_id>/ledger/papers/<batch_id>")
@on_round(Permission.PAPER_ISSUE)
def paper_submit(round: Round, batch_id: str) -> Any:
    """Put a batch of papers into the ledger now, so that it can be handed out."""
    get_paper_batch(get_session(), batch_id, round_id=round.id)
    _mark_now(round)
    return redirect(url_for("paper.batch", round_id=round.id, batch_id=batch_id), 303)


def _mark_now(round: Round) -> None:
    """Append what waits, and say how that went on the page that follows."""
    if not ActForm().validate_on_submit():
        flash(_("没有办成，请再按一次。"), "error")
        return
    try:
        checkpoint_apart(round.id)
    except Refusal as refusal:
        flash(say(refusal), "error")
    else:
        flash(_("这一批已经记入公开账本。"), "success")


@bp.post("/desk/rounds/<round_id>/ledger/notice")
@on_round(Permission.URN_OPEN)
def notice_submit(round: Round) -> Any:
    """Issue today's 封存公告."""
    form = ActForm()
    if not form.validate_on_submit():
        return _page(round, form, WitnessForm()), 422
    try:
        issued = issue_checkpoint(round.id, current_user.actor)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(round, form, WitnessForm()), refusal.status
    return redirect(page_of(issued), 303)


@bp.post("/desk/rounds/<round_id>/ledger/witnesses")
@on_round(Permission.URN_OPEN)
def witness_submit(round: Round) -> Any:
    """Put a witness on the list."""
    form = WitnessForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                add_witness(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    typed=form.address.data or "",
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已加入见证人名单。"), "success")
            return _back(round)
    return _page(round, ActForm(), form), 422


@bp.post("/desk/rounds/<round_id>/ledger/witnesses/<witness_id>/removal")
@on_round(Permission.URN_OPEN)
def witness_removal_submit(round: Round, witness_id: str) -> Any:
    """Take a witness off the list."""
    form = ActForm()
    if not form.validate_on_submit():
        return _page(round, form, WitnessForm()), 422
    with transaction() as session:
        remove_witness(
            session, now=now(), actor=current_user.actor, round_id=round.id, witness_id=witness_id
        )
    flash(_("已从见证人名单里去掉。"), "success")
    return _back(round)


def _page(round: Round, form: ActForm, witness_form: WitnessForm) -> str:
    session = get_session()
    head = find_head(session, round.id)
    return render_template(
        "ledger/desk.html",
        round=round,
        head=head,
        head_digits=head_digits(head.root) if head else "",
        said=read_statement(head.note) if head else None,
        notice=find_notice(session, round.id, CHECKPOINT),
        witnesses=witnesses_of(session, round.id),
        sends=mailer() is not None,
        may_sign=Permission.URN_OPEN in current_user.permissions,
        form=form,
        witness_form=witness_form,
    )


def _back(round: Round) -> Any:
    return redirect(url_for("ledger.desk", round_id=round.id), 303)
