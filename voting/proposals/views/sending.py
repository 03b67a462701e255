"""A resident proposes something from a phone: one page to write, one to check, then the code to keep."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from voting.errors import NotFound, Refusal
from voting.proposals.forms.sending import SendForm
from voting.proposals.models import CATEGORY_NAMES
from voting.proposals.rules.sending import WAITING_SPAN, NotCollecting, TooManyWaiting, shown_code
from voting.proposals.service.public_list import similar_proposals
from voting.proposals.service.sending import require_collecting, send_proposal
from voting.proposals.views.blueprint import bp
from voting.proposals.views.photographs import gather, is_sound, signed
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.web.access import public
from voting.web.db import current_keys, get_session, now, transaction
from voting.web.text import _

# Three photographs as telephones take them; the text beside them must not be lost for their size.
_MOST_BYTES = 48 * 1024 * 1024
_WITH_PHOTOS = {"proposals.propose_submit", "proposals.supplement_submit"}


@bp.url_value_preprocessor
def allow_photographs(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the forms with photographs be larger; this runs before anybody reads the form."""
    if endpoint in _WITH_PHOTOS:
        request.max_content_length = _MOST_BYTES


@bp.get("/rounds/<round_id>/propose")
@public
def propose(round_id: str) -> Any:
    """Show the form of a proposal, or say that none are taken now."""
    round = public_round_of(round_id)
    try:
        require_collecting(round, now())
    except NotCollecting as closed:
        page = render_template("proposals/propose_closed.html", round=round)
        return make_response(page, closed.status)
    return _page(round, SendForm(round))


@bp.post("/rounds/<round_id>/propose")
@public
def propose_submit(round_id: str) -> Any:
    """Take photographs, show what will be sent, and send it: what was written is never lost on the way."""
    round = public_round_of(round_id)
    form = SendForm(round)
    photos = gather(form)
    act = request.form.get("act", "check")
    if act == "edit":
        return _page(round, form)
    if not is_sound(form, photos):
        return _page(round, form), 422
    if act != "send":
        return _check_page(round, form)
    try:
        with transaction() as session:
            sent = send_proposal(
                session,
                now=now(),
                keys=current_keys(),
                round_id=round.id,
                facts=form.facts(),
                sending_key=str(form.sending.data),
                photos=photos.digests,
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return _refused(_page(round, form), refusal)
    flash(_("建议收到了，谢谢您。请先记下查询码。"), "success")
    return redirect(url_for("proposals.follow", code=shown_code(sent.code)), 303)


def public_round_of(round_id: str) -> Round:
    """Return a round that anybody may see; raise NotFound for any other."""
    session = get_session()
    round = get_round(session, round_id)
    if not was_public(session, round):
        raise NotFound
    return round


def _refused(page: str, refusal: Refusal) -> Response:
    response = make_response(page, refusal.status)
    if isinstance(refusal, TooManyWaiting):
        response.headers["Retry-After"] = str(int(WAITING_SPAN.total_seconds()))
    return response


def _page(round: Round, form: SendForm) -> str:
    return render_template("proposals/propose.html", round=round, form=form, signed=signed)


def _check_page(round: Round, form: SendForm) -> str:
    facts = form.facts()
    similar = similar_proposals(get_session(), round.id, title=facts.title, place=facts.place)
    return render_template(
        "proposals/propose_check.html",
        round=round,
        form=form,
        facts=facts,
        similar=similar,
        category_names=CATEGORY_NAMES,
        signed=signed,
    )
