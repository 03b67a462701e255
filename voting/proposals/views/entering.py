"""Proposals from paper: the list, and the form in which one is entered or corrected."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import ProposalForm
from voting.proposals.models import Proposal
from voting.proposals.service import (
    change_proposal,
    enter_proposal,
    get_proposal,
    proposals_in,
    proposer_of,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

_LONGEST_SEARCH = 40


@bp.get("/desk/rounds/<round_id>/proposals")
@on_round(Permission.ROUND_READ)
def index(round: Round) -> str:
    """List a round's proposals; whoever may shortlist ticks some of them here."""
    search = request.args.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    page = request.args.get("page", 1, type=int)
    found = proposals_in(get_session(), current_keys(), round.id, page=page, search=search)
    return render_template(
        "proposals/index.html", round=round, found=found, search=search, open=is_open(round)
    )


@bp.get("/desk/rounds/<round_id>/proposals/new")
@on_round(Permission.PROPOSAL_EDIT)
def enter(round: Round) -> str:
    """Ask for what a paper form says."""
    return _page(round, ProposalForm(), None)


@bp.post("/desk/rounds/<round_id>/proposals/new")
@on_round(Permission.PROPOSAL_EDIT)
def enter_submit(round: Round) -> Any:
    """Enter a proposal, and go on to the next paper."""
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                enter_proposal(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    round_id=round.id,
                    facts=form.facts(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已录入“%(title)s”。可以接着录下一份。", title=form.title.data), "success")
            target = "enter" if "another" in request.form else "index"
            return redirect(url_for(f"proposals.{target}", round_id=round.id), 303)
    return _page(round, form, None), 422


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>/edit")
@on_round(Permission.PROPOSAL_EDIT)
def edit(round: Round, proposal_id: str) -> str:
    """Show what was typed, to be corrected."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    name, phone = proposer_of(proposal, current_keys())
    form = ProposalForm(obj=proposal, data={"proposer_name": name, "phone": phone})
    form.proposer_name.data, form.phone.data = name, phone
    return _page(round, form, proposal)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/edit")
@on_round(Permission.PROPOSAL_EDIT)
def edit_submit(round: Round, proposal_id: str) -> Any:
    """Correct a proposal."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_proposal(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    proposal_id=proposal.id,
                    round_id=round.id,
                    facts=form.facts(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已改好“%(title)s”。", title=form.title.data), "success")
            return redirect(url_for("proposals.index", round_id=round.id), 303)
    return _page(round, form, proposal), 422


def _page(round: Round, form: ProposalForm, proposal: Proposal | None) -> str:
    return render_template(
        "proposals/proposal.html", round=round, form=form, proposal=proposal, open=is_open(round)
    )
