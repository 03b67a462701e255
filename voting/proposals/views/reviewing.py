"""The street's review of a candidate, and the reserve from which a candidate may be taken."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from voting.errors import Refusal
from voting.permissions import Permission
from voting.proposals.forms.reviewing import ReviewForm, of_review
from voting.proposals.models import Candidate
from voting.proposals.service import (
    get_candidate,
    reserve_for,
    review,
    reviews_of,
    sources_of,
    take_from_reserve,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.proposals.views.candidates import to_candidate
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/review")
@on_round(Permission.PROPOSAL_REVIEW)
def reviewing(round: Round, candidate_id: str) -> str:
    """Ask what the review settled."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    return _page(round, ReviewForm(data=of_review(candidate)), candidate)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/review")
@on_round(Permission.PROPOSAL_REVIEW)
def reviewing_submit(round: Round, candidate_id: str) -> Any:
    """Keep a review."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=candidate_id,
                    facts=form.facts(),
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("联审结论已保存，建议人能看到意见。"), "success")
            return to_candidate(round, candidate_id)
    return _page(round, form, candidate), 422


@bp.get("/desk/rounds/<round_id>/reserve")
@on_round(Permission.ROUND_READ)
def reserved(round: Round) -> str:
    """List what earlier rounds of this area left in reserve."""
    page = request.args.get("page", 1, type=int)
    found = reserve_for(get_session(), round, page=page)
    return render_template("proposals/reserve.html", round=round, found=found, open=is_open(round))


@bp.post("/desk/rounds/<round_id>/reserve/<candidate_id>")
@on_round(Permission.PROPOSAL_SCREEN)
def reserved_submit(round: Round, candidate_id: str) -> Any:
    """Take a candidate from the reserve into this round."""
    with transaction() as session:
        copy = take_from_reserve(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    flash(_("“%(title)s”已拿到这一轮，请街道重新联审。", title=copy.title), "success")
    return redirect(url_for("proposals.candidates", round_id=round.id), 303)


def _page(round: Round, form: ReviewForm, candidate: Candidate) -> str:
    session = get_session()
    return render_template(
        "proposals/review.html",
        round=round,
        form=form,
        candidate=candidate,
        behind=sources_of(session, candidate.id),
        reviews=reviews_of(session, candidate.id),
        open=is_open(round),
    )
