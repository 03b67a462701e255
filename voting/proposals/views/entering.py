"""Proposals from paper: the list, and the form in which one is entered or corrected."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import CorrectionForm, ProposalForm
from voting.proposals.models import Proposal
from voting.proposals.rules import PROPOSAL_STATE_NAMES, ProposalState, masked_phone
from voting.proposals.service import (
    change_proposal,
    enter_proposal,
    get_proposal,
    open_appeals,
    proposals_in,
    proposer_of,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

_LONGEST_SEARCH = 40


@bp.get("/desk/rounds/<round_id>/proposals")
@on_round(Permission.ROUND_READ)
def index(round: Round) -> str:
    """List a round's proposals; whoever screens ticks some of them here."""
    search = request.args.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    page = request.args.get("page", 1, type=int)
    state = request.args.get("state", "")
    if state not in set(ProposalState):
        state = ""
    session = get_session()
    last = request.args.get("last", "")
    found = proposals_in(session, current_keys(), round.id, page=page, search=search, state=state)
    return render_template(
        "proposals/index.html",
        round=round,
        found=found,
        search=search,
        state=state,
        states=PROPOSAL_STATE_NAMES,
        appeals=open_appeals(session, round.id),
        now=now(),
        collecting=round.phase_at(now()) is Phase.COLLECTING,
        entered=get_proposal(session, last, round_id=round.id) if last else None,
        open=is_open(round),
    )


@bp.get("/desk/rounds/<round_id>/proposals/new")
@on_round(Permission.PROPOSAL_EDIT)
def enter(round: Round) -> str:
    """Ask for what a paper form says; of the one entered before, the slip may be printed."""
    last = request.args.get("last", "")
    entered = get_proposal(get_session(), last, round_id=round.id) if last else None
    return _page(round, ProposalForm(), None, entered=entered)


@bp.post("/desk/rounds/<round_id>/proposals/new")
@on_round(Permission.PROPOSAL_EDIT)
def enter_submit(round: Round) -> Any:
    """Enter a proposal, and go on to the next paper."""
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                proposal = enter_proposal(
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
            if "another" in request.form:
                said = _("已录入“%(title)s”。可以接着录下一份。", title=form.title.data)
                target = url_for("proposals.enter", round_id=round.id, last=proposal.id)
            else:
                said = _("已录入“%(title)s”。", title=form.title.data)
                target = url_for("proposals.index", round_id=round.id, last=proposal.id)
            flash(said, "success")
            return redirect(target, 303)
    return _page(round, form, None), 422


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>/edit")
@on_round(Permission.PROPOSAL_EDIT)
def edit(round: Round, proposal_id: str) -> str:
    """Show what was typed, to be corrected."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    name, _phone = proposer_of(proposal, current_keys())
    form = CorrectionForm(obj=proposal)
    form.proposer_name.data = name
    return _page(round, form, proposal)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/edit")
@on_round(Permission.PROPOSAL_EDIT)
def edit_submit(round: Round, proposal_id: str) -> Any:
    """Correct a proposal."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            _name, phone = proposer_of(proposal, current_keys())
            with transaction() as session:
                change_proposal(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    keys=current_keys(),
                    proposal_id=proposal.id,
                    round_id=round.id,
                    facts=form.corrected(phone),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已改好“%(title)s”。", title=form.title.data), "success")
            target = url_for("proposals.show", round_id=round.id, proposal_id=proposal.id)
            return redirect(target, 303)
    return _page(round, form, proposal), 422


def _page(
    round: Round,
    form: ProposalForm,
    proposal: Proposal | None,
    *,
    entered: Proposal | None = None,
) -> str:
    kept = proposer_of(proposal, current_keys())[1] if proposal else ""
    return render_template(
        "proposals/proposal.html",
        round=round,
        form=form,
        proposal=proposal,
        kept=masked_phone(kept) if kept else "",
        entered=entered,
        open=is_open(round),
    )
