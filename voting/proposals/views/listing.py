"""The list of candidates at the desk, the meeting that chooses them, and their numbers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from voting.errors import NotAllowed, Refusal
from voting.permissions import Permission
from voting.proposals.forms import ActForm
from voting.proposals.forms.reviewing import MeetingForm
from voting.proposals.models import Candidate
from voting.proposals.rules import CANDIDATE_STATE_NAMES, CandidateState
from voting.proposals.service import (
    NothingToList,
    UnreviewedReasonMissing,
    candidates_of,
    conflicts_of,
    last_reviews,
    list_candidate,
    off_list,
    proposals_behind,
    renumber,
    reserve,
)
from voting.proposals.service.rivals import rivals_by_number
from voting.proposals.views.blueprint import bp, is_open
from voting.reading import read_whole
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.rounds.rules import suggested_choices
from voting.web.db import get_session, now, transaction
from voting.web.text import _, say

_CHOOSABLE = (CandidateState.NOMINATED, CandidateState.RESERVE)


@bp.get("/desk/rounds/<round_id>/candidates")
@on_round(Permission.ROUND_READ)
def candidates(round: Round) -> str:
    """Show the list as it will stand on the ballot, what was taken off it, and who must not count."""
    session = get_session()
    on_list = candidates_of(session, round.id)
    off = off_list(session, round.id)
    return render_template(
        "proposals/candidates.html",
        round=round,
        candidates=on_list,
        nominated=[one for one in off if one.state == CandidateState.NOMINATED],
        kept=[one for one in off if one.state != CandidateState.NOMINATED],
        reviews=last_reviews(session, [one.id for one in off]),
        behind=proposals_behind(session, round.id),
        conflicts=conflicts_of(session, round.id),
        state_names=CANDIDATE_STATE_NAMES,
        total=sum(candidate.cost for candidate in on_list),
        rivals=rivals_by_number(on_list),
        suggested=suggested_choices(len(on_list)),
        open=is_open(round),
    )


@bp.get("/desk/rounds/<round_id>/candidates/meeting")
@on_round(Permission.PROPOSAL_SHORTLIST)
def meeting(round: Round) -> str:
    """Show what was nominated, to be chosen by the meeting."""
    return _meeting_page(round, MeetingForm(), [])


@bp.post("/desk/rounds/<round_id>/candidates/meeting")
@on_round(Permission.PROPOSAL_SHORTLIST)
def meeting_submit(round: Round) -> Any:
    """Put the ticked candidates on the list in the order of the page, or keep them in reserve."""
    ticked = list(dict.fromkeys(request.form.getlist("candidate")))
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            if not ticked:
                raise NothingToList
            with transaction() as session:
                for id in ticked:
                    _choose(session, round, id, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("大会的选择已保存，共 %(number)s 项。", number=len(ticked)), "success")
            return redirect(url_for("proposals.candidates", round_id=round.id), 303)
    return _meeting_page(round, form, ticked), 422


@bp.get("/desk/rounds/<round_id>/candidates/numbers")
@on_round(Permission.PROPOSAL_SHORTLIST)
def numbers(round: Round) -> str:
    """Show every candidate with its number, to be changed together."""
    on_list = candidates_of(get_session(), round.id)
    typed = {candidate.id: str(candidate.ballot_number) for candidate in on_list}
    return _page(round, ActForm(), on_list, typed)


@bp.post("/desk/rounds/<round_id>/candidates/numbers")
@on_round(Permission.PROPOSAL_SHORTLIST)
def numbers_submit(round: Round) -> Any:
    """Give all candidates their new numbers at once, so that two can swap."""
    on_list = candidates_of(get_session(), round.id)
    typed = {one.id: request.form.get(f"number-{one.id}", "")[:20] for one in on_list}
    form = ActForm()
    if form.validate_on_submit():
        try:
            wanted = {id: read_whole(text) for id, text in typed.items()}
            with transaction() as session:
                renumber(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    numbers=wanted,
                )
        except Refusal as refusal:
            form.form_errors.append(say(refusal))
        else:
            flash(_("编号已改好。"), "success")
            return redirect(url_for("proposals.candidates", round_id=round.id), 303)
    return _page(round, form, on_list, typed), 422


def _choose(session: Session, round: Round, candidate_id: str, form: MeetingForm) -> None:
    who: Any = {
        "now": now(), "actor": current_user.actor, "round_id": round.id,
        "candidate_id": candidate_id,
    }  # fmt: skip
    if "reserve" in request.form:
        reserve(session, **who)
        return
    unreviewed = ""
    if form.unreviewed.data:
        if Permission.PROPOSAL_REVIEW not in current_user.permissions:
            raise NotAllowed
        unreviewed = form.reason.data or ""
        if not unreviewed:
            raise UnreviewedReasonMissing
    list_candidate(session, **who, unreviewed=unreviewed)


def _meeting_page(round: Round, form: MeetingForm, ticked: list[str]) -> str:
    session = get_session()
    off = [one for one in off_list(session, round.id) if one.state in _CHOOSABLE]
    return render_template(
        "proposals/meeting.html",
        round=round,
        form=form,
        candidates=off,
        reviews=last_reviews(session, [one.id for one in off]),
        behind=proposals_behind(session, round.id),
        listed=len(candidates_of(session, round.id)),
        state_names=CANDIDATE_STATE_NAMES,
        ticked=ticked,
        open=is_open(round),
    )


def _page(round: Round, form: ActForm, on_list: list[Candidate], typed: dict[str, str]) -> str:
    return render_template(
        "proposals/numbers.html",
        round=round,
        form=form,
        candidates=on_list,
        typed=typed,
        open=is_open(round),
    )
