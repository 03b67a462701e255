"""A resident asks to be put on the roll from a phone, and comes back with a code.

The pages of a code belong to whoever holds it: no search engine may list them, and what is no code gets one
answer, whatever was typed.
"""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from voting.errors import NotFound, Refusal
from voting.proposals.rules.sending import read_code, shown_code
from voting.roll.forms import ApplyForm
from voting.roll.rules.applying import ANSWERS, NotApplying
from voting.roll.service import (
    get_application_of,
    require_applying,
    send_application,
    standing_of,
)
from voting.roll.views.blueprint import bp
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.web.access import public
from voting.web.db import current_keys, get_session, now, transaction

_LONGEST_TYPED = 60


@bp.after_request
def keep_unlisted(response: Response) -> Response:
    """Tell search engines to leave the pages of a code alone, and browsers to keep no copy."""
    if request.path.startswith("/apply"):
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/rounds/<round_id>/apply")
@public
def apply(round_id: str) -> Any:
    """Show the form, or say that no applications are taken now."""
    round = _public_round(round_id)
    try:
        require_applying(round, now())
    except NotApplying as closed:
        page = render_template("roll/apply_closed.html", round=round)
        return make_response(page, closed.status)
    return _page(round, ApplyForm())


@bp.post("/rounds/<round_id>/apply")
@public
def apply_submit(round_id: str) -> Any:
    """Take an application; who is listed already gets the same answer as who is not."""
    round = _public_round(round_id)
    form = ApplyForm()
    if not form.validate_on_submit():
        return _page(round, form), 422
    try:
        with transaction() as session:
            code = send_application(
                session,
                now=now(),
                keys=current_keys(),
                round_id=round.id,
                facts=form.facts(),
                sending_key=str(form.sending.data),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(round, form), refusal.status
    return redirect(url_for("roll.application", code=shown_code(code)), 303)


@bp.get("/apply")
@public
def application_find() -> Any:
    """Ask for a code, and lead to its page."""
    typed = request.args.get("code", "").replace("\0", "")[:_LONGEST_TYPED]
    code = read_code(typed)
    if code is not None:
        return redirect(url_for("roll.application", code=shown_code(code)), 303)
    page = render_template("roll/apply_find.html", typed=typed)
    return make_response(page, 422 if typed else 200)


@bp.get("/apply/<typed:code>")
@public
def application(code: str) -> Any:
    """Say what became of an application; nothing of what was typed stands here."""
    session = get_session()
    try:
        found = get_application_of(session, keys=current_keys(), code=code)
    except NotFound as absent:
        return make_response(render_template("roll/apply_unknown.html"), absent.status)
    return render_template(
        "roll/application.html",
        code=shown_code(read_code(code) or ""),
        found=found,
        round=get_round(session, found.round_id),
        standing=standing_of(session, found),
        answer=ANSWERS.get(found.answer, ANSWERS["other"]),
    )


def _public_round(round_id: str) -> Round:
    session = get_session()
    round = get_round(session, round_id)
    if not was_public(session, round):
        raise NotFound
    return round


def _page(round: Round, form: ApplyForm) -> str:
    return render_template("roll/apply.html", round=round, form=form)
