"""A project is removed from the result after an objection that was right."""

import io
from typing import Any

from flask import Response, flash, render_template, send_file
from flask_login import current_user

from voting.errors import NotFound, Refusal
from voting.permissions import Permission
from voting.proposals.forms.reviewing import RemovalForm
from voting.proposals.models import Candidate
from voting.proposals.service import get_candidate, removal_of, remove_candidate
from voting.proposals.views.blueprint import bp
from voting.proposals.views.candidates import to_candidate
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import current_files, get_session, now, transaction
from voting.web.text import _


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/remove")
@on_round(Permission.RESULT_DECLARE)
def removing(round: Round, candidate_id: str) -> str:
    """Ask why a project is removed."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    return _page(round, RemovalForm(), candidate)


@bp.post("/desk/rounds/<round_id>/candidates/<candidate_id>/remove")
@on_round(Permission.RESULT_DECLARE)
def removing_submit(round: Round, candidate_id: str) -> Any:
    """Remove a project."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    form = RemovalForm()
    if form.validate_on_submit():
        try:
            removal = form.removal()
            with transaction() as session:
                remove_candidate(
                    session,
                    now=now(),
                    actor=current_user.actor,
                    round_id=round.id,
                    candidate_id=candidate_id,
                    removal=removal,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("“%(title)s”已因异议移除。", title=candidate.title), "success")
            return to_candidate(round, candidate_id)
    return _page(round, form, candidate), 422


@bp.get("/desk/rounds/<round_id>/candidates/<candidate_id>/removal")
@on_round(Permission.ROUND_READ)
def removal_file(round: Round, candidate_id: str) -> Response:
    """Hand out the paper that says why a project was removed."""
    candidate = get_candidate(get_session(), candidate_id, round_id=round.id)
    line = removal_of(get_session(), candidate)
    if line is None or line.removal.file_digest is None:
        raise NotFound
    try:
        content = current_files().get(line.removal.file_digest)
    except (FileNotFoundError, ValueError) as absent:
        raise NotFound from absent
    is_pdf = content.startswith(b"%PDF")
    name = _("移除决定-%(title)s", title=candidate.title) + (".pdf" if is_pdf else ".jpg")
    kind = "application/pdf" if is_pdf else "image/jpeg"
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)


def _page(round: Round, form: RemovalForm, candidate: Candidate) -> str:
    return render_template("proposals/remove.html", round=round, form=form, candidate=candidate)
