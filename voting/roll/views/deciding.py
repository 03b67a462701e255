"""Applications at the desk: the queue, one of them, and what the worker answers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.roll.forms import AcceptForm, RefuseForm
from voting.roll.models import BASIS_NAMES
from voting.roll.rules.applying import ANSWERS, PROOF_NAMES
from voting.roll.service import (
    ApplicationFacts,
    accept_application,
    get_application,
    look_at_application,
    refuse_application,
    standing_of,
    waiting_applications,
)
from voting.roll.views.blueprint import bp
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

_QUEUE = "/desk/rounds/<round_id>/roll/applications"
_ONE = f"{_QUEUE}/<application_id>"


@bp.get(_QUEUE)
@on_round(Permission.ROLL_IMPORT)
def applications(round: Round) -> str:
    """Show the applications that wait, the oldest first."""
    page = request.args.get("page", 1, type=int)
    found = waiting_applications(get_session(), round.id, page=page)
    return render_template("roll/applications.html", round=round, found=found, bases=BASIS_NAMES)


@bp.get(_ONE)
@on_round(Permission.ROLL_IMPORT)
def application_show(round: Round, application_id: str) -> str:
    """Show one application, masked."""
    return _page(round, application_id)


@bp.post(f"{_ONE}/look")
@on_round(Permission.ROLL_IMPORT)
def application_look_submit(round: Round, application_id: str) -> str:
    """Show what was typed once; the journal keeps who looked."""
    with transaction() as session:
        facts = look_at_application(
            session,
            now=now(),
            actor=current_user.actor,
            keys=current_keys(),
            round_id=round.id,
            application_id=application_id,
        )
    return _page(round, application_id, facts=facts)


@bp.post(f"{_ONE}/accept")
@on_round(Permission.ROLL_IMPORT)
def application_accept_submit(round: Round, application_id: str) -> Any:
    """List the person, or ask a second officer for it."""
    form = _accept_form(round, application_id)
    if not form.validate_on_submit():
        return _page(round, application_id, accept=form), 422
    try:
        with transaction() as session:
            is_listed = accept_application(
                session,
                now=now(),
                actor=current_user.actor,
                keys=current_keys(),
                round_id=round.id,
                application_id=application_id,
                proof=form.proof.data,
                namesake_checked=form.namesake_checked.data,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(round, application_id, accept=form), refusal.status
    if is_listed:
        flash(_("已列入名册，填的内容已经删除。"), "success")
    else:
        flash(_("已提出补列。请另一位工作人员在“名册更改”里确认，确认以后才能领票。"), "success")
    return redirect(url_for("roll.applications", round_id=round.id), 303)


@bp.post(f"{_ONE}/refuse")
@on_round(Permission.ROLL_IMPORT)
def application_refuse_submit(round: Round, application_id: str) -> Any:
    """Say why the person is not put on the roll."""
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(round, application_id, refuse=form), 422
    with transaction() as session:
        refuse_application(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            application_id=application_id,
            answer=form.answer.data,
            words=form.words.data or "",
        )
    flash(_("已答复：没有列入名册。申请人凭查询码看得到理由。"), "success")
    return redirect(url_for("roll.applications", round_id=round.id), 303)


def _accept_form(round: Round, application_id: str, **options: Any) -> AcceptForm:
    form = AcceptForm(**options)
    form.offer(get_application(get_session(), round.id, application_id).basis)
    return form


def _page(
    round: Round,
    application_id: str,
    *,
    facts: ApplicationFacts | None = None,
    accept: AcceptForm | None = None,
    refuse: RefuseForm | None = None,
) -> str:
    session = get_session()
    found = get_application(session, round.id, application_id)
    return render_template(
        "roll/decide.html",
        round=round,
        found=found,
        facts=facts,
        bases=BASIS_NAMES,
        standing=standing_of(session, found),
        accept=accept or _accept_form(round, application_id, formdata=None),
        refuse=refuse or RefuseForm(formdata=None),
        proofs=PROOF_NAMES,
        answers=ANSWERS,
    )
