"""Appeals at the desk: the list, and the form in which another officer at the street decides one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.forms.screening import AppealForm
from voting.proposals.models import Appeal, Proposal
from voting.proposals.rules.states import OUTCOMES
from voting.proposals.service import (
    appeal_of,
    appeals_in,
    decide_appeal,
    decision_lines,
    get_proposal,
    similar_to,
    targets_for,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/appeals")
@on_round(Permission.ROUND_READ)
def appeals(round: Round) -> str:
    """List a round's appeals, undecided first."""
    page = request.args.get("page", 1, type=int)
    found = appeals_in(get_session(), round.id, page=page)
    return render_template("proposals/appeals.html", round=round, found=found)


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>/appeal")
@on_round(Permission.PROPOSAL_REVIEW)
def recheck(round: Round, proposal_id: str) -> str:
    """Show an appeal, to be decided."""
    proposal, made = _found(round, proposal_id)
    return _page(round, _form(proposal), proposal, made)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/appeal")
@on_round(Permission.PROPOSAL_REVIEW)
def recheck_submit(round: Round, proposal_id: str) -> Any:
    """Decide an appeal."""
    proposal, made = _found(round, proposal_id)
    form = _form(proposal)
    if form.validate_on_submit():
        try:
            verdict = form.verdict() if form.is_upheld else None
            with transaction() as session:
                decide_appeal(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    proposal_id=proposal_id,
                    verdict=verdict,
                    reason=form.why,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("复核结论已保存，建议人能看到结果和理由。"), "success")
            target = url_for("proposals.show", round_id=round.id, proposal_id=proposal_id)
            return redirect(target, 303)
    return _page(round, form, proposal, made), 422


def _found(round: Round, proposal_id: str) -> tuple[Proposal, Appeal]:
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    made = appeal_of(get_session(), proposal.id)
    if made is None:
        raise NotFound
    return proposal, made


def _form(proposal: Proposal) -> AppealForm:
    form = AppealForm()
    session = get_session()
    form.offer(OUTCOMES, targets_for(session, proposal, similar_to(session, proposal)))
    return form


def _page(round: Round, form: AppealForm, proposal: Proposal, made: Appeal) -> str:
    return render_template(
        "proposals/appeal.html",
        round=round,
        form=form,
        proposal=proposal,
        appeal=made,
        decisions=decision_lines(get_session(), proposal.id),
        is_own=made.against_by == current_user.actor.id,
        may=made.decided_at is None and is_open(round),
    )
