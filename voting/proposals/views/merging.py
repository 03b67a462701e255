"""Ticked proposals are put together into a new candidate or one that is there, and taken apart again."""

from collections import Counter
from typing import Any

from flask import flash, render_template, request
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import CandidateForm
from voting.proposals.forms.screening import JoinForm, SplitForm
from voting.proposals.models import Candidate, Proposal
from voting.proposals.service import (
    NothingChosen,
    candidates_of,
    get_candidate,
    get_proposal,
    merge,
    off_list,
    sources_of,
    split,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.proposals.views.candidates import to_candidate, uploaded_picture
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _

_MOST_CHOSEN = 50


@bp.get("/desk/rounds/<round_id>/candidates/new")
@on_round(Permission.PROPOSAL_SCREEN)
def new(round: Round) -> str:
    """Ask what the ballot will say of a candidate made of the ticked proposals, or which one they join."""
    chosen = _chosen(round, request.args.getlist("proposal"))
    named = _named(chosen, request.args.get("named", ""))
    form = CandidateForm(
        formdata=None,
        data={"title": named.title, "category": named.category, "place": named.place},
    )
    return _page(round, form, _join_form(round), chosen, named)


@bp.post("/desk/rounds/<round_id>/candidates/new")
@on_round(Permission.PROPOSAL_SCREEN)
def new_submit(round: Round) -> Any:
    """Make a candidate of the ticked proposals."""
    chosen = _chosen(round, request.form.getlist("proposal"))
    form = CandidateForm()
    if form.validate_on_submit():
        try:
            facts = form.facts(uploaded_picture(form, None))
            with transaction() as session:
                candidate = merge(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=None,
                    proposal_ids=[proposal.id for proposal in chosen],
                    facts=facts,
                    reason=form.why or _usual(facts.title),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("“%(title)s”已成为推选候选。", title=candidate.title), "success")
            return to_candidate(round, candidate.id)
    return _page(round, form, _join_form(round), chosen, chosen[0]), 422


@bp.post("/desk/rounds/<round_id>/candidates/join")
@on_round(Permission.PROPOSAL_SCREEN)
def join_submit(round: Round) -> Any:
    """Put the ticked proposals into a candidate that is there."""
    chosen = _chosen(round, request.form.getlist("proposal"))
    form = _join_form(round)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                candidate = merge(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=form.candidate.data,
                    proposal_ids=[proposal.id for proposal in chosen],
                    facts=None,
                    reason=form.reason.data or "",
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已合并到“%(title)s”。", title=candidate.title), "success")
            return to_candidate(round, candidate.id)
    named = _named(chosen, "")
    facts = {"title": named.title, "category": named.category, "place": named.place}
    return _page(round, CandidateForm(formdata=None, data=facts), form, chosen, named), 422


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/split")
@on_round(Permission.PROPOSAL_SCREEN)
def splitting(round: Round, candidate_id: str) -> str:
    """Ask why one proposal, or all, shall leave a candidate."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    return _split_page(round, SplitForm(), candidate)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/split")
@on_round(Permission.PROPOSAL_SCREEN)
def splitting_submit(round: Round, candidate_id: str) -> Any:
    """Take one proposal, or all, out of a candidate."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    form = SplitForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                split(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=candidate_id,
                    proposal_id=request.args.get("proposal"),
                    reason=form.reason.data or "",
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("已拆开，建议人能看到理由。"), "success")
            return to_candidate(round, candidate_id)
    return _split_page(round, form, candidate), 422


def _usual(title: str) -> str:
    sentence: str = _("列入候选项目“%(title)s”。", title=title)
    return sentence


def _chosen(round: Round, ids: list[str]) -> list[Proposal]:
    if not ids:
        raise NothingChosen
    session = get_session()
    wanted = list(dict.fromkeys(ids))[:_MOST_CHOSEN]
    found = [get_proposal(session, id, round_id=round.id) for id in wanted]
    return sorted(found, key=lambda proposal: (proposal.entered_at, proposal.id))


def _named(chosen: list[Proposal], wanted: str) -> Proposal:
    """Return whose name is suggested: the one asked for, else what most call it, of those the first."""
    often = Counter(proposal.title for proposal in chosen)
    most = max(often.values())
    usual = next(proposal for proposal in chosen if often[proposal.title] == most)
    return next((proposal for proposal in chosen if proposal.id == wanted), usual)


def _join_form(round: Round) -> JoinForm:
    form = JoinForm(prefix="join-")
    session = get_session()
    form.offer([*candidates_of(session, round.id), *off_list(session, round.id)])
    return form


def _page(
    round: Round, form: CandidateForm, join: JoinForm, chosen: list[Proposal], named: Proposal
) -> str:
    return render_template(
        "proposals/merge.html",
        round=round,
        form=form,
        join=join,
        chosen=chosen,
        named=named,
        open=is_open(round),
    )


def _split_page(round: Round, form: SplitForm, candidate: Candidate) -> str:
    behind = sources_of(get_session(), candidate.id)
    one = request.args.get("proposal")
    return render_template(
        "proposals/split.html",
        round=round,
        form=form,
        candidate=candidate,
        leaving=[proposal for proposal in behind if one in {None, proposal.id}],
        behind=behind,
    )
