"""One candidate at the desk: everything about it, changed, taken off the list, put back."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from voting.adapters.pictures import clean_picture
from voting.errors import NotAllowed, Refusal
from voting.permissions import Permission
from voting.proposals.forms import CandidateForm, of_candidate
from voting.proposals.models import Candidate
from voting.proposals.rules import CANDIDATE_STATE_NAMES, PROPOSAL_STATE_NAMES
from voting.proposals.service import (
    change_candidate,
    changes_of,
    get_candidate,
    is_removable,
    put_back,
    removal_of,
    reserve,
    reviews_of,
    sources_of,
    take_off,
)
from voting.proposals.views.blueprint import bp, is_open
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_files, get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>")
@on_round(Permission.ROUND_READ)
def candidate(round: Round, candidate_id: str) -> str:
    """Show where a candidate comes from, what was settled about it, and who joined and left."""
    session = get_session()
    found = get_candidate(session, candidate_id, round_id=round.id)
    return render_template(
        "proposals/desk_candidate.html",
        round=round,
        candidate=found,
        behind=sources_of(session, found.id),
        reviews=reviews_of(session, found.id),
        changes=changes_of(session, found.id),
        state_names=CANDIDATE_STATE_NAMES,
        removal=removal_of(session, found),
        removable=is_removable(round, found, now()),
        proposal_states=PROPOSAL_STATE_NAMES,
        open=is_open(round),
    )


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/edit")
@on_round(Permission.PROPOSAL_SCREEN)
def change(round: Round, candidate_id: str) -> str:
    """Show what the list says of a candidate, to be changed."""
    found = _changeable(round, candidate_id)
    return _page(round, CandidateForm(data=of_candidate(found)), found)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/edit")
@on_round(Permission.PROPOSAL_SCREEN)
def change_submit(round: Round, candidate_id: str) -> Any:
    """Change a candidate."""
    found = _changeable(round, candidate_id)
    form = CandidateForm()
    if form.validate_on_submit():
        try:
            facts = form.facts(uploaded_picture(form, found.picture))
            with transaction() as session:
                change_candidate(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=found.id,
                    facts=facts,
                    ballot_number=form.number,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("“%(title)s”已保存。", title=facts.title), "success")
            return _to_list(round)
    return _page(round, form, found), 422


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/take-off")
@on_round(Permission.PROPOSAL_SHORTLIST)
def take_off_submit(round: Round, candidate_id: str) -> Any:
    """Take a candidate off the list."""
    with transaction() as session:
        found = take_off(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    flash(_("“%(title)s”已移出候选名单，内容还留在储备库里。", title=found.title), "success")
    return _to_list(round)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/put-back")
@on_round(Permission.PROPOSAL_SHORTLIST)
def put_back_submit(round: Round, candidate_id: str) -> Any:
    """Put a candidate back on the list."""
    with transaction() as session:
        found = put_back(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    said = {"title": found.title, "number": found.ballot_number}
    flash(_("“%(title)s”放回候选名单，编号 %(number)s。", **said), "success")
    return _to_list(round)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/reserve")
@on_round(Permission.PROPOSAL_SHORTLIST)
def reserve_submit(round: Round, candidate_id: str) -> Any:
    """Keep a candidate for later rounds."""
    with transaction() as session:
        found = reserve(
            session,
            now=now(),
            actor=current_user.actor,
            round_id=round.id,
            candidate_id=candidate_id,
        )
    flash(_("“%(title)s”已转入储备库。", title=found.title), "success")
    return _to_list(round)


def uploaded_picture(form: CandidateForm, before: str | None) -> str | None:
    """Return the digest of the picture to keep; raise PictureRefused for a file that is none."""
    content = form.upload
    if content:
        return current_files().put(clean_picture(content))
    return None if form.drop_picture.data else before


def to_candidate(round: Round, candidate_id: str) -> Any:
    """Go on to a candidate's page."""
    target = url_for("proposals.candidate", round_id=round.id, candidate_id=candidate_id)
    return redirect(target, 303)


def _changeable(round: Round, candidate_id: str) -> Candidate:
    """Return a candidate this officer may change: what is on the list is the secretary's."""
    found = get_candidate(get_session(), candidate_id, round_id=round.id)
    on_list = found.ballot_number is not None
    if on_list and Permission.PROPOSAL_SHORTLIST not in current_user.permissions:
        raise NotAllowed
    return found


def _to_list(round: Round) -> Any:
    return redirect(url_for("proposals.candidates", round_id=round.id), 303)


def _page(round: Round, form: CandidateForm, found: Candidate) -> str:
    return render_template(
        "proposals/candidate.html",
        round=round,
        form=form,
        chosen=sources_of(get_session(), found.id),
        candidate=found,
        open=is_open(round),
    )
