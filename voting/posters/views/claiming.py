"""The page behind the poster's code: what the round is, and a form in which somebody says who they are."""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for

from voting.cards.rules import read_check_code
from voting.errors import NotFound, Refusal
from voting.polling.service import open_places
from voting.posters.forms import ClaimForm
from voting.posters.holder import offered_factors, remember_claim, shown_head
from voting.posters.rules import NotClaiming, NotProven, new_message_code, new_secret
from voting.posters.service import claim_before_worker, claim_by_message, claim_by_screen
from voting.posters.views.blueprint import bp, public_round, refused_page, to_ballot
from voting.rounds.models import Round
from voting.rounds.rules import Phase, RoundChannel, SecondFactor
from voting.web.access import public
from voting.web.db import current_keys, get_session, now, transaction


@bp.get("/p/<round_id>")
@public
def show(round_id: str) -> str:
    """Show what a poster's QR code leads to; while people vote, the form."""
    round = public_round(round_id)
    way = _wanted_way(round)
    code = read_check_code(request.args.get("code", "")) or ""
    form = ClaimForm(formdata=None, way=way.value if way else "", code=code)
    return _page(round, form, way)


@bp.post("/p/<round_id>")
@public
def claim_submit(round_id: str) -> Any:
    """Take a claim; whatever was wrong with it, the answer is the same."""
    round = public_round(round_id)
    form = ClaimForm()
    if round.offers(RoundChannel.POSTER) and round.phase_at(now()) is not Phase.VOTING:
        return refused_page(round, NotClaiming())
    way = next((one for one in _ways(round) if one.value == form.way.data), None)
    if way is None:
        raise NotFound
    if not form.validate_on_submit():
        return _page(round, form, way), 422
    try:
        return _CLAIMS[way](round, form)
    except NotProven as wrong:
        form.refuse(wrong)
        form.forget_code()
        return _page(round, form, way), wrong.status
    except NotFound:
        raise
    except Refusal as refusal:
        return refused_page(round, refusal)


def _by_screen(round: Round, form: ClaimForm) -> Any:
    secret = new_secret()
    with transaction() as session:
        claimed_key = claim_by_screen(
            session, now=now(), keys=current_keys(), round_id=round.id, person=form.person,
            code=form.digits, secret=secret,
        )  # fmt: skip
    response = make_response(to_ballot(round.id))
    remember_claim(response, round_id=round.id, secret=secret, claimed_key=claimed_key)
    return response


def _by_message(round: Round, form: ClaimForm) -> Any:
    secret = new_secret()
    with transaction() as session:
        claimed_key = claim_by_message(
            session, now=now(), keys=current_keys(), round_id=round.id, person=form.person,
            code=new_message_code(), secret=secret,
        )  # fmt: skip
    response = make_response(redirect(url_for("posters.message", round_id=round.id), 303))
    remember_claim(response, round_id=round.id, secret=secret, claimed_key=claimed_key)
    return response


def _before_worker(round: Round, form: ClaimForm) -> Any:
    secret = new_secret()
    with transaction() as session:
        claimed_key = claim_before_worker(
            session, now=now(), keys=current_keys(), round_id=round.id, person=form.person,
            secret=secret,
        )  # fmt: skip
    response = make_response(redirect(url_for("posters.worker", round_id=round.id), 303))
    remember_claim(response, round_id=round.id, secret=secret, claimed_key=claimed_key)
    return response


_CLAIMS = {
    SecondFactor.SCREEN: _by_screen,
    SecondFactor.SMS: _by_message,
    SecondFactor.WORKER: _before_worker,
}


def _ways(round: Round) -> list[SecondFactor]:
    is_open = round.offers(RoundChannel.POSTER) and round.phase_at(now()) is Phase.VOTING
    return offered_factors(round) if is_open else []


def _wanted_way(round: Round) -> SecondFactor | None:
    ways = _ways(round)
    asked = request.args.get("way", "")
    return next((way for way in ways if way.value == asked), ways[0] if ways else None)


def _page(round: Round, form: ClaimForm, way: SecondFactor | None) -> str:
    session = get_session()
    phase = round.phase_at(now())
    return render_template(
        "posters/poster.html",
        round=round,
        phase=phase,
        takes_poster=round.offers(RoundChannel.POSTER),
        is_early=phase is Phase.VOTE_ANNOUNCED,
        places=open_places(session, round.id),
        head=shown_head(session, round.id),
        form=form,
        way=way.value if way else "",
        ways=[one.value for one in _ways(round)],
    )
