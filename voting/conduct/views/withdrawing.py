"""A candidate leaves the list of an announced vote: one officer asks, another confirms."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user

from voting.adapters.attachments import AttachmentRefused
from voting.conduct.forms import WithdrawForm
from voting.conduct.rules.withdrawing import withdrawal_step
from voting.conduct.service import names_of
from voting.conduct.service.withdrawing import (
    ask_withdrawal,
    confirm_withdrawal,
    get_withdrawal,
    refuse_withdrawal,
    withdrawals_of,
)
from voting.conduct.views.blueprint import bp
from voting.conduct.views.history import hand_out
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.models import Withdrawal
from voting.proposals.service import candidates_of, get_candidate
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say

_ALL = "/desk/rounds/<round_id>/withdrawals"
_ONE = f"{_ALL}/<withdrawal_id>"


@bp.get(_ALL)
@on_round(Permission.ROUND_READ)
def withdrawals(round: Round) -> str:
    """List what was asked, and what became of it."""
    session = get_session()
    found = withdrawals_of(session, round.id)
    officers = {id for one, _candidate in found for id in (one.first_by, one.second_by) if id}
    return render_template(
        "conduct/withdrawals.html", round=round, found=found, names=names_of(session, officers)
    )


@bp.get(f"{_ALL}/new")
@on_round(Permission.ROUND_APPROVE)
def withdraw(round: Round) -> str:
    """Ask which candidate leaves the list, and why."""
    return _asking(round, _form(round))


@bp.post(f"{_ALL}/new")
@on_round(Permission.ROUND_APPROVE)
def withdraw_submit(round: Round) -> Any:
    """Note what is asked; another officer confirms it."""
    form = _form(round)
    is_valid = form.validate_on_submit()
    try:
        form.keep_file()
        if is_valid:
            with transaction() as session:
                asked = ask_withdrawal(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    candidate_id=form.candidate.data or "", reason=form.why, given=form.given,
                )  # fmt: skip
    except (AttachmentRefused, Refusal) as refusal:
        form.refuse(refusal)
        return _asking(round, form), getattr(refusal, "status", 422)
    if not is_valid:
        return _asking(round, form), 422
    flash(_("已经记下，要等街道的另一位工作人员确认，确认以前选票不变。"), "success")
    return _to_one(round, asked)


@bp.get(_ONE)
@on_round(Permission.ROUND_READ)
def withdrawal(round: Round, withdrawal_id: str) -> str:
    """Show one that was asked, and what confirming it does."""
    return _showing(round, withdrawal_id)


@bp.get(f"{_ONE}/file")
@on_round(Permission.ROUND_READ)
def withdrawal_file(round: Round, withdrawal_id: str) -> Response:
    """Hand out the file that came with it."""
    asked = get_withdrawal(get_session(), round.id, withdrawal_id)
    if asked.file_digest is None:
        raise NotFound
    return hand_out(asked.file_digest, asked.file_name)


@bp.post(f"{_ONE}/confirm")
@on_round(Permission.ROUND_APPROVE)
def withdrawal_confirm_submit(round: Round, withdrawal_id: str) -> Any:
    """Take the candidate off the list for good."""
    try:
        with transaction() as session:
            gone = confirm_withdrawal(
                session, now=now(), actor=current_user.actor, keys=current_keys(), round_id=round.id,
                withdrawal_id=withdrawal_id, config=current_config(),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _showing(round, withdrawal_id, say(refusal)), refusal.status
    flash(
        _("%(number)s 号已经撤下。请打印、盖章、张贴公告。", number=gone.ballot_number), "success"
    )
    return redirect(url_for("conduct.withdrawals", round_id=round.id), 303)


@bp.post(f"{_ONE}/refuse")
@on_round(Permission.ROUND_APPROVE)
def withdrawal_refuse_submit(round: Round, withdrawal_id: str) -> Any:
    """Leave the list as it is."""
    try:
        with transaction() as session:
            asked = refuse_withdrawal(
                session, now=now(), actor=current_user.actor, round_id=round.id,
                withdrawal_id=withdrawal_id,
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _showing(round, withdrawal_id, say(refusal)), refusal.status
    flash(_("没有撤下，候选名单不变。"), "success")
    return _to_one(round, asked)


def _form(round: Round) -> WithdrawForm:
    step = withdrawal_step(round.phase_at(now()), round.paused_in)
    form = WithdrawForm()
    form.asks(step, is_rehearsal=round.kind == "rehearsal")
    listed = candidates_of(get_session(), round.id)
    form.offer(one for one in listed if one.withdrawn_at is None)
    return form


def _asking(round: Round, form: WithdrawForm) -> str:
    return render_template("conduct/withdraw.html", round=round, form=form, kept=form.kept_file[1])


def _showing(round: Round, withdrawal_id: str, problem: str = "") -> str:
    session = get_session()
    asked = get_withdrawal(session, round.id, withdrawal_id)
    candidate = get_candidate(session, asked.candidate_id, round_id=round.id)
    return render_template(
        "conduct/withdrawal.html",
        round=round,
        asked=asked,
        candidate=candidate,
        names=names_of(session, {id for id in (asked.first_by, asked.second_by) if id}),
        problem=problem,
        is_open=_is_open(round),
        is_mine=asked.first_by == current_user.id,
        may=Permission.ROUND_APPROVE in current_user.permissions,
    )


def _is_open(round: Round) -> bool:
    try:
        withdrawal_step(round.phase_at(now()), round.paused_in)
    except Refusal:
        return False
    return True


def _to_one(round: Round, asked: Withdrawal) -> Any:
    there = url_for("conduct.withdrawal", round_id=round.id, withdrawal_id=asked.id)
    return redirect(there, 303)
