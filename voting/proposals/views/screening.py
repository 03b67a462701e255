"""One proposal at the desk: read, accepted, screened by the four questions, taken up again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms.screening import ScreenForm
from voting.proposals.models import CATEGORY_NAMES, Proposal
from voting.proposals.rules import PROPOSAL_STATE_NAMES, masked_name, masked_phone
from voting.proposals.rules.states import outcomes_from
from voting.proposals.service import (
    accept,
    appeal_of,
    candidate_behind,
    decision_lines,
    get_proposal,
    photos_of_one,
    proposer_of,
    screen,
    show_phone,
    similar_to,
    supplement,
    targets_for,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>")
@on_round(Permission.ROUND_READ)
def show(round: Round, proposal_id: str) -> str:
    """Show everything about one proposal; its proposer stays masked."""
    return _page(round, get_proposal(get_session(), proposal_id, round_id=round.id))


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/phone")
@on_round(Permission.PROPOSAL_EDIT)
def phone_submit(round: Round, proposal_id: str) -> str:
    """Show the proposer's telephone in full; that somebody looked is written down."""
    with transaction() as session:
        phone = show_phone(
            session, now=now(), actor=current_user.actor, keys=current_keys(), round=round,
            proposal_id=proposal_id,
        )  # fmt: skip
    return _page(round, get_proposal(get_session(), proposal_id, round_id=round.id), phone)


@bp.post("/desk/rounds/<round_id>/proposals/act")
@on_round(Permission.PROPOSAL_SCREEN)
def act_submit(round: Round) -> Any:
    """Do with the ticked proposals what the button says: accept them, or go on to merge them."""
    ids = request.form.getlist("proposal")
    if request.form.get("act") == "merge":
        return redirect(url_for("proposals.new", round_id=round.id, proposal=ids), 303)
    with transaction() as session:
        accepted = accept(
            session, now=now(), actor=current_user.actor, round_id=round.id, proposal_ids=ids
        )
    flash(_("已受理 %(number)s 条建议，公开列表上可以看到了。", number=len(accepted)), "success")
    return redirect(url_for("proposals.index", round_id=round.id), 303)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/accept")
@on_round(Permission.PROPOSAL_SCREEN)
def accept_submit(round: Round, proposal_id: str) -> Any:
    """Accept one proposal."""
    with transaction() as session:
        accept(
            session, now=now(), actor=current_user.actor, round_id=round.id,
            proposal_ids=[proposal_id],
        )  # fmt: skip
    flash(_("已受理。公开列表上可以看到了，接着可以初审。"), "success")
    return _to_proposal(round, proposal_id)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/supplement")
@on_round(Permission.PROPOSAL_EDIT)
def take_up_submit(round: Round, proposal_id: str) -> Any:
    """Take a returned proposal up again."""
    with transaction() as session:
        supplement(
            session, now=now(), actor=current_user.actor, round_id=round.id,
            proposal_id=proposal_id,
        )  # fmt: skip
    flash(_("已重新收件，请再受理、初审。"), "success")
    return _to_proposal(round, proposal_id)


@bp.get("/desk/rounds/<round_id>/proposals/<proposal_id>/screen")
@on_round(Permission.PROPOSAL_SCREEN)
def screening(round: Round, proposal_id: str) -> str:
    """Ask the four questions."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    return _screen_page(round, _screen_form(proposal), proposal)


@bp.post("/desk/rounds/<round_id>/proposals/<proposal_id>/screen")
@on_round(Permission.PROPOSAL_SCREEN)
def screening_submit(round: Round, proposal_id: str) -> Any:
    """Decide about a proposal."""
    proposal = get_proposal(get_session(), proposal_id, round_id=round.id)
    form = _screen_form(proposal)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                screen(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    proposal_id=proposal_id,
                    answers=form.answers(),
                    verdict=form.verdict(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("初审结论已保存，建议人能看到理由。"), "success")
            return _to_proposal(round, proposal_id)
    return _screen_page(round, form, proposal), 422


def _screen_form(proposal: Proposal) -> ScreenForm:
    form = ScreenForm()
    session = get_session()
    targets = targets_for(session, proposal, similar_to(session, proposal))
    form.offer(outcomes_from(proposal.state), targets)
    return form


def _screen_page(round: Round, form: ScreenForm, proposal: Proposal) -> str:
    return render_template(
        "proposals/screen.html",
        round=round,
        form=form,
        proposal=proposal,
        photos=photos_of_one(get_session(), proposal.id),
        state_names=PROPOSAL_STATE_NAMES,
        category_names=CATEGORY_NAMES,
        may=bool(outcomes_from(proposal.state)) and is_open(round),
    )


def _to_proposal(round: Round, proposal_id: str) -> Any:
    return redirect(url_for("proposals.show", round_id=round.id, proposal_id=proposal_id), 303)


def _page(round: Round, proposal: Proposal, phone: str = "") -> str:
    session, keys = get_session(), current_keys()
    name, kept = proposer_of(proposal, keys)
    return render_template(
        "proposals/desk_proposal.html",
        round=round,
        proposal=proposal,
        proposer=masked_name(name) if name else "—",
        masked=masked_phone(kept) if kept else "",
        phone=phone,
        photos=photos_of_one(session, proposal.id),
        decisions=decision_lines(session, proposal.id),
        similar=similar_to(session, proposal),
        candidate=candidate_behind(session, proposal),
        appeal=appeal_of(session, proposal.id),
        outcomes=outcomes_from(proposal.state),
        state_names=PROPOSAL_STATE_NAMES,
        category_names=CATEGORY_NAMES,
        open=is_open(round),
    )
