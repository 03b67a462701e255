"""A candidate: made of proposals, changed, taken off the list, put back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.adapters.pictures import clean_picture
from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms import CandidateForm, of_candidate
from voting.proposals.models import Candidate, Proposal
from voting.proposals.service import (
    NothingChosen,
    change_candidate,
    get_candidate,
    get_proposal,
    next_number,
    proposals_behind,
    put_back,
    shortlist,
    take_off,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_files, get_session, now, transaction
from voting.web.text import _

_MOST_CHOSEN = 50


@bp.get("/desk/rounds/<round_id>/candidates/new")
@on_round(Permission.PROPOSAL_SHORTLIST)
def new(round: Round) -> str:
    """Ask for what the ballot will say of a candidate made of the ticked proposals."""
    chosen = _chosen(round, request.args.getlist("proposal"))
    first = chosen[0]
    form = CandidateForm(
        data={
            "title": first.title,
            "category": first.category,
            "place": first.place,
            "ballot_number": next_number(get_session(), round.id),
        }
    )
    return _page(round, form, chosen, None)


@bp.post("/desk/rounds/<round_id>/candidates/new")
@on_round(Permission.PROPOSAL_SHORTLIST)
def new_submit(round: Round) -> Any:
    """Put a candidate on the list."""
    chosen = _chosen(round, request.form.getlist("proposal"))
    form = CandidateForm()
    if form.validate_on_submit():
        try:
            facts = form.facts(_picture(form, None))
            with transaction() as session:
                candidate = shortlist(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    proposal_ids=[proposal.id for proposal in chosen],
                    facts=facts,
                    ballot_number=form.number,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to_list(
                round,
                _(
                    "%(number)s 号“%(title)s”已列入候选。",
                    number=candidate.ballot_number,
                    title=candidate.title,
                ),
            )
    return _page(round, form, chosen, None), 422


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/edit")
@on_round(Permission.PROPOSAL_SHORTLIST)
def change(round: Round, candidate_id: str) -> str:
    """Show what the list says of a candidate, to be changed."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    form = CandidateForm(data=of_candidate(candidate))
    return _page(round, form, _behind(round, candidate), candidate)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/edit")
@on_round(Permission.PROPOSAL_SHORTLIST)
def change_submit(round: Round, candidate_id: str) -> Any:
    """Change a candidate."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    behind = _behind(round, candidate)
    form = CandidateForm()
    if form.validate_on_submit():
        try:
            facts = form.facts(_picture(form, candidate.picture))
            with transaction() as session:
                change_candidate(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=candidate.id,
                    facts=facts,
                    ballot_number=form.number,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to_list(round, _("“%(title)s”已保存。", title=facts.title))
    return _page(round, form, behind, candidate), 422


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/take-off")
@on_round(Permission.PROPOSAL_SHORTLIST)
def take_off_submit(round: Round, candidate_id: str) -> Any:
    """Take a candidate off the list."""
    with transaction() as session:
        candidate = take_off(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    return _to_list(round, _("“%(title)s”已移出候选，内容还留着。", title=candidate.title))


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/put-back")
@on_round(Permission.PROPOSAL_SHORTLIST)
def put_back_submit(round: Round, candidate_id: str) -> Any:
    """Put a candidate back on the list."""
    with transaction() as session:
        candidate = put_back(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    return _to_list(
        round,
        _(
            "“%(title)s”放回候选，编号 %(number)s。",
            title=candidate.title,
            number=candidate.ballot_number,
        ),
    )


def _chosen(round: Round, ids: list[str]) -> list[Proposal]:
    if not ids:
        raise NothingChosen
    session = get_session()
    wanted = list(dict.fromkeys(ids))[:_MOST_CHOSEN]
    return [get_proposal(session, id, round_id=round.id) for id in wanted]


def _behind(round: Round, candidate: Candidate) -> list[Proposal]:
    return proposals_behind(get_session(), round.id).get(candidate.id, [])


def _picture(form: CandidateForm, before: str | None) -> str | None:
    """Return the digest of the picture to keep; raise PictureRefused for a file that is none."""
    content = form.upload
    if content:
        return current_files().put(clean_picture(content))
    return None if form.drop_picture.data else before


def _to_list(round: Round, sentence: str) -> Any:
    flash(sentence, "success")
    return redirect(url_for("proposals.candidates", round_id=round.id), 303)


def _page(
    round: Round, form: CandidateForm, chosen: list[Proposal], candidate: Candidate | None
) -> str:
    return render_template(
        "proposals/candidate.html",
        round=round,
        form=form,
        chosen=chosen,
        candidate=candidate,
        open=is_open(round),
    )
