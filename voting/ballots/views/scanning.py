"""Taking a card that was scanned or typed, or a claim that was proven; it spends nothing."""

from datetime import timedelta

from flask import Response, make_response, redirect, render_template, request
from flask import url_for as to

from voting.ballots.holder import remember_card, remember_claimant
from voting.ballots.views.paper import bp, paper_of, shown
from voting.cards.rules import read_short_code
from voting.cards.service import CardFound, find_card, find_card_by_short_code
from voting.posters.holder import find_claimant, forget_claimant
from voting.posters.service import is_proven
from voting.web.access import public
from voting.web.db import current_keys, end_reading, get_session, now
from voting.web.text import _

# An extension, or a question about a receipt weeks later, finds the nonce still there.
_AFTER = timedelta(days=30)


@bp.get("/c/<typed:token>")
@bp.get("/C/<typed:token>")
@public
def scan(token: str) -> Response:
    """Take a scanned card: remember it and go on to the ballot. Spends nothing."""
    return _take(find_card(get_session(), token.upper()[:64]))


@bp.get("/c")
@public
def card_code() -> str:
    """Ask for the short code of a card."""
    return render_template("ballots/card_code.html", sentence=None, typed="")


@bp.post("/c")
@public
def card_code_submit() -> Response:
    """Take a typed card."""
    typed = request.form.get("code", "")
    code = read_short_code(typed)
    if code is None:
        sentence = _("卡号是 16 个字母和数字，印在投票卡上。请再看一遍，照着输入。")
        page = render_template("ballots/card_code.html", sentence=sentence, typed=shown(typed))
        return make_response(page, 422)
    return _take(find_card_by_short_code(get_session(), current_keys().card_key(), code))


@bp.get("/p/<round_id>/ballot")
@public
def claimed(round_id: str) -> Response:
    """Take a claim that was proven: remember it and go on to the ballot. Uses nothing."""
    claimant = find_claimant(round_id)
    session = get_session()
    if claimant is None or not is_proven(session, round_id, claimant.claim_hash, now()):
        end_reading()
        return make_response(redirect(to("posters.show", round_id=round_id), 303))
    until = paper_of(round_id).closing
    end_reading()
    response = make_response(redirect(to("ballots.ballot"), 303))
    remember_claimant(response, claimant, until=until + _AFTER, now=now())
    forget_claimant(response)
    return response


def _take(card: CardFound | None) -> Response:
    if card is None:
        return make_response(render_template("ballots/unknown.html"), 404)
    until = paper_of(card.round_id).closing
    end_reading()
    response = make_response(redirect(to("ballots.ballot"), 303))
    remember_card(response, card, until=until + _AFTER, now=now())
    return response
