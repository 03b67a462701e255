"""The sheet at the desk: what holds and what does not, and the two signatures below it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from voting.accounts.service import officer_names
from voting.areas.service import find_installation
from voting.errors import NotFound, Refusal
from voting.notices.holder import render, set_paper
from voting.notices.rules import named_round
from voting.paper.document.reconciliation import Record, Signing, sheet_record
from voting.paper.forms.reconciling import SignForm, read_reasons
from voting.paper.rules.sheet import Outcome, differences, equations, sums_by
from voting.paper.rules.sheet_words import EQUATIONS, Said, change_words, line_words, waiting_words
from voting.paper.service.figuring import has_paper
from voting.paper.service.reconciling import (
    ExplanationMissing,
    Standing,
    sign_first,
    sign_second,
    standing_sheet,
    withdraw_signature,
)
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.web.db import get_session, now, transaction
from voting.web.fields import tidy
from voting.web.text import _

PER_PAGE = 50
_SHEET = "/desk/rounds/<round_id>/reconciliation"


@bp.get(_SHEET)
@on_round(Permission.PAPER_RECONCILE)
def reconciliation(round: Round) -> str:
    """Show the sheet as its figures stand, or as two have signed it."""
    return _page(round, SignForm(formdata=None))


@bp.post(_SHEET)
@on_round(Permission.PAPER_RECONCILE)
def reconciliation_submit(round: Round) -> Any:
    """Sign first, with a reason for every line that does not hold."""
    form, typed = SignForm(), [tidy(one) for one in request.form.getlist("why")]
    if form.validate_on_submit():
        try:
            explanation = _explained(round, typed)
            with transaction() as session:
                sign_first(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    seen=form.seen.data or "", explanation=explanation,
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form, typed), refusal.status
        flash(_("您签好了。请另一位工作人员用自己的账号打开这一页，核对后签字。"), "success")
        return _back(round)
    return _page(round, form, typed), 422


@bp.post(_SHEET + "/second")
@on_round(Permission.PAPER_RECONCILE)
def reconciliation_second_submit(round: Round) -> Any:
    """Sign as the second what the first has signed."""
    form = SignForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                sign_second(
                    session, now=now(), actor=current_user.actor, round_id=round.id,
                    seen=form.seen.data or "",
                )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
            return _page(round, form), refusal.status
        flash(_("两个人都签好了。请打印《清票记录》，请监票人、计票人签字。"), "success")
        return _back(round)
    return _page(round, form), 422


@bp.post(_SHEET + "/withdraw")
@on_round(Permission.PAPER_RECONCILE)
def reconciliation_withdraw_submit(round: Round) -> Any:
    """Take the one signature back."""
    form = SignForm(formdata=None)
    try:
        with transaction() as session:
            withdraw_signature(session, now=now(), actor=current_user.actor, round_id=round.id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(round, form), refusal.status
    flash(_("第一位的签字撤回了，可以重新签。"), "success")
    return _back(round)


@bp.get(_SHEET + "/record.pdf")
@on_round(Permission.PAPER_RECONCILE)
def reconciliation_record(round: Round) -> Response:
    """Return the 清票记录, to be signed by hand and filed."""
    session = get_session()
    if not has_paper(session, round.id):
        raise NotFound
    standing, installation = standing_sheet(session, round.id), find_installation(session)
    facts = Record(
        round_title=named_round(round.title),
        printed_at=now(),
        sheet=standing.sheet,
        lines=tuple(_said(line_words(line)) for line in differences(standing.sheet)),
        signing=_signing(standing),
        demo=installation is not None and installation.demo,
        rehearsal=round.kind == "rehearsal",
    )
    response = make_response(set_paper(sheet_record(facts, render=render)))
    response.mimetype = "application/pdf"
    return response


def _signing(standing: Standing) -> Signing:
    signed = standing.signed
    if signed is None:
        return Signing()
    names = officer_names(get_session(), [signed.first_by, signed.second_by])
    return Signing(
        first=names.get(signed.first_by, ""),
        first_at=signed.first_at,
        second=names.get(signed.second_by or "", ""),
        second_at=signed.second_at,
        outcome=signed.outcome,
        explanation=signed.explanation,
    )


def _explained(round: Round, typed: list[str]) -> str:
    """Return every line that does not hold with its reason; raise ExplanationMissing."""
    sheet = standing_sheet(get_session(), round.id).sheet
    if sheet.outcome_if_explained is not Outcome.EXPLAINED:
        return ""
    lines = [_said(line_words(line)) for line in differences(sheet)]
    reasons = read_reasons(typed, len(lines))
    if reasons is None:
        raise ExplanationMissing
    return "\n".join(f"{line}：{reason}" for line, reason in zip(lines, reasons, strict=True))


def _said(said: Said) -> str:
    msgid, values = said
    return str(_(msgid, **values))


def _back(round: Round) -> Any:
    return redirect(url_for("paper.reconciliation", round_id=round.id), 303)


def _page(round: Round, form: SignForm, typed: list[str] | None = None) -> str:
    session, page = get_session(), request.args.get("page", 1, type=int)
    standing = standing_sheet(session, round.id)
    sheet, pages = standing.sheet, max(1, -(-len(standing.sheet.bundles) // PER_PAGE))
    page = min(max(page, 1), pages)
    return render_template(
        "paper/reconciliation.html",
        round=round,
        form=form,
        typed=typed or [],
        has_paper=has_paper(session, round.id),
        counting=round.phase_at(now()) is Phase.COUNTING,
        standing=standing,
        signing=_signing(standing),
        lines=[_said(line_words(line)) for line in differences(sheet)],
        waiting=[_said(one) for one in waiting_words(standing.waiting)],
        changed=[_said(change_words(one)) for one in standing.changed],
        equations=[(*EQUATIONS[one.code], one) for one in equations(sheet)],
        batches=sums_by(sheet, "batch"),
        holders=sums_by(sheet, "holder"),
        bundles=sheet.bundles[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        outcome=sheet.outcome_if_explained,
    )
