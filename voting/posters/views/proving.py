"""The second factor of a claim that waits: the code of a short message, or a worker who looks."""

from typing import Any

from flask import redirect, render_template, url_for

from voting.areas.service import find_installation, public_url
from voting.errors import NotFound, Refusal
from voting.polling.document import code_picture
from voting.posters.forms import MessageCodeForm
from voting.posters.holder import Claimant, find_claimant
from voting.posters.rules import ClaimGone, NotProven
from voting.posters.service import answer_message, find_waiting, is_proven, short_code
from voting.posters.views.blueprint import bp, public_round, refused_page, to_ballot
from voting.rounds.models import Round
from voting.rounds.rules import SecondFactor
from voting.web.access import public
from voting.web.db import current_config, current_keys, get_session, now, transaction

_SECONDS = 5


@bp.get("/p/<round_id>/message")
@public
def message(round_id: str) -> Any:
    """Ask for what the short message said; the same page whether or not one was sent."""
    round = public_round(round_id)
    claimant = find_claimant(round_id)
    return _standing(round, claimant, SecondFactor.SMS) or _message_page(round, MessageCodeForm())


@bp.post("/p/<round_id>/message")
@public
def message_submit(round_id: str) -> Any:
    """Take what the short message said."""
    round, claimant, form = public_round(round_id), find_claimant(round_id), MessageCodeForm()
    if claimant is None:
        return refused_page(round, ClaimGone())
    if not form.validate_on_submit():
        return _message_page(round, form), 422
    try:
        with transaction() as session:
            answer_message(
                session, now=now(), keys=current_keys(), round_id=round_id,
                secret=claimant.secret, code=form.digits,
            )  # fmt: skip
    except NotProven as wrong:
        form.refuse(wrong)
        form.code.data, form.code.raw_data = "", None
        return _message_page(round, form), wrong.status
    except NotFound:
        raise
    except Refusal as refusal:
        return refused_page(round, refusal)
    return to_ballot(round_id)


@bp.get("/p/<round_id>/worker")
@public
def worker(round_id: str) -> Any:
    """Show the short code until a worker has looked; the page asks again by itself."""
    round = public_round(round_id)
    claimant = find_claimant(round_id)
    standing = _standing(round, claimant, SecondFactor.WORKER)
    if standing or claimant is None:
        return standing
    code = short_code(current_keys(), claimant.secret)
    host = public_url(find_installation(get_session()), current_config())
    address = host + url_for("posters.seen", round_id=round_id, code=code)
    return render_template(
        "posters/worker.html",
        round=round,
        code=code,
        picture=code_picture(address),
        seconds=_SECONDS,
    )


def _standing(round: Round, claimant: Claimant | None, way: SecondFactor) -> Any:
    """Return where a claim that does not wait any more leads, or None while it waits."""
    if claimant is None:
        return redirect(url_for("posters.show", round_id=round.id), 303)
    session = get_session()
    if is_proven(session, round.id, claimant.claim_hash, now()):
        return to_ballot(round.id)
    if find_waiting(session, round.id, claimant.claim_hash, way, now()) is None:
        return refused_page(round, ClaimGone())
    return None


def _message_page(round: Round, form: MessageCodeForm) -> str:
    return render_template("posters/message.html", round=round, form=form)
