"""The budget of a declared result is cut: one officer asks, another confirms."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user

from voting.adapters.attachments import AttachmentRefused
from voting.conduct.forms import CutForm
from voting.conduct.rules.cutting import CUTTABLE, cut_step
from voting.conduct.service import names_of
from voting.conduct.service.cutting import (
    ask_cut,
    confirm_cut,
    get_cut,
    left_by,
    refuse_cut,
)
from voting.conduct.views.blueprint import bp, to_round
from voting.conduct.views.history import hand_out
from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.results.models import BudgetCut
from voting.results.service import declared_facts
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_config, current_keys, get_session, now, transaction
from voting.web.text import _, say

_ALL = "/desk/rounds/<round_id>/cuts"
_ONE = f"{_ALL}/<cut_id>"


@bp.get(f"{_ALL}/new")
@on_round(Permission.RESULT_DECLARE)
def cut_asking(round: Round) -> str:
    """Ask for the new sum, and why."""
    return _asking(round, _form(round))


@bp.post(f"{_ALL}/new")
@on_round(Permission.RESULT_DECLARE)
def cut_asking_submit(round: Round) -> Any:
    """Note what is asked; another officer confirms it."""
    form = _form(round)
    is_valid = form.validate_on_submit()
    try:
        form.keep_file()
        if is_valid:
            with transaction() as session:
                asked = ask_cut(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    budget=form.amount, reason=form.why, given=form.given,
                )  # fmt: skip
    except (AttachmentRefused, Refusal) as refusal:
        form.refuse(refusal)
        return _asking(round, form), getattr(refusal, "status", 422)
    if not is_valid:
        return _asking(round, form), 422
    flash(_("已经记下，要等街道的另一位工作人员确认，确认以前结果不变。"), "success")
    return _to_one(round, asked)


@bp.get(_ONE)
@on_round(Permission.ROUND_READ)
def cut(round: Round, cut_id: str) -> str:
    """Show one that was asked: who would leave, and what confirming it does."""
    return _showing(round, cut_id)


@bp.get(f"{_ONE}/file")
@on_round(Permission.ROUND_READ)
def cut_file(round: Round, cut_id: str) -> Response:
    """Hand out the file that came with it."""
    asked = get_cut(get_session(), round.id, cut_id)
    if asked.file_digest is None:
        raise NotFound
    return hand_out(asked.file_digest, asked.file_name)


@bp.post(f"{_ONE}/confirm")
@on_round(Permission.RESULT_DECLARE)
def cut_confirm_submit(round: Round, cut_id: str) -> Any:
    """Cut the budget for good."""
    try:
        with transaction() as session:
            confirm_cut(
                session, now=now(), actor=current_user.actor, keys=current_keys(), round_id=round.id,
                cut_id=cut_id, config=current_config(),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _showing(round, cut_id, say(refusal)), refusal.status
    flash(_("预算已经核减，公示时间重新计算。请今天就打印、盖章、张贴更正公示。"), "success")
    return to_round(round.id)


@bp.post(f"{_ONE}/refuse")
@on_round(Permission.RESULT_DECLARE)
def cut_refuse_submit(round: Round, cut_id: str) -> Any:
    """Leave the budget as it is."""
    try:
        with transaction() as session:
            asked = refuse_cut(
                session, now=now(), actor=current_user.actor, round_id=round.id, cut_id=cut_id
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _showing(round, cut_id, say(refusal)), refusal.status
    flash(_("没有核减，结果不变。"), "success")
    return _to_one(round, asked)


def _form(round: Round) -> CutForm:
    form = CutForm()
    form.asks(cut_step(round.phase_at(now())), is_rehearsal=round.kind == "rehearsal")
    form.explain()
    return form


def _asking(round: Round, form: CutForm) -> str:
    facts = declared_facts(get_session(), round.id)
    return render_template(
        "conduct/cut_asking.html", round=round, form=form, kept=form.kept_file[1], facts=facts
    )


def _showing(round: Round, cut_id: str, problem: str = "") -> str:
    session = get_session()
    asked = get_cut(session, round.id, cut_id)
    return render_template(
        "conduct/cut.html",
        round=round,
        asked=asked,
        left=left_by(session, asked),
        names=names_of(session, {id for id in (asked.first_by, asked.second_by) if id}),
        problem=problem,
        is_open=round.phase_at(now()) in CUTTABLE,
        is_mine=asked.first_by == current_user.id,
        may=Permission.RESULT_DECLARE in current_user.permissions,
    )


def _to_one(round: Round, asked: BudgetCut) -> Any:
    return redirect(url_for("conduct.cut", round_id=round.id, cut_id=asked.id), 303)
