"""Voting on the telephone: scan, choose, confirm, receipt. No account, no script."""

import time
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import url_for as to

from voting.ballots.document import ballot_lines, chosen_inputs, chosen_lines
from voting.ballots.document import paper_style as style_of
from voting.ballots.document import paper_thumbnails as thumbnails_of
from voting.ballots.forms import read_choices
from voting.ballots.holder import (
    Holder,
    find_holder,
    form_digest_checked,
    remember_card,
    with_holder,
)
from voting.ballots.rules import (
    BallotPaper,
    NothingChosen,
    TooFewChosen,
    TooManyChosen,
    UnknownChoice,
    WithdrawnChoice,
    check_choices,
    receipt_code,
    slot_of,
)
from voting.ballots.service import (
    CardAlreadyUsed,
    WrongCheckCode,
    cast,
    find_round_of_receipt,
    is_in_urn,
    load_paper,
    refusal_of_card,
    refusal_of_phase,
)
from voting.cards.rules import read_check_code, read_short_code
from voting.cards.service import (
    CardFound,
    check_code_hmac,
    find_card,
    find_card_by_short_code,
)
from voting.errors import Refusal
from voting.web.access import public
from voting.web.db import (
    current_database,
    current_files,
    current_keys,
    end_reading,
    get_session,
    now,
    transaction,
)
from voting.web.kept import render_kept
from voting.web.text import _, say

bp = Blueprint("ballots", __name__)
_PAPER_SECONDS = 5.0
_WRONG_CHOICES = (NothingChosen, TooFewChosen, TooManyChosen, UnknownChoice, WithdrawnChoice)


@bp.get("/c/<token>")
@bp.get("/C/<token>")
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
        page = render_template("ballots/card_code.html", sentence=sentence, typed=_shown(typed))
        return make_response(page, 422)
    return _take(find_card_by_short_code(get_session(), current_keys().card_key(), code))


def _take(card: CardFound | None) -> Response:
    if card is None:
        return make_response(render_template("ballots/unknown.html"), 404)
    until = _paper(card.round_id).closing
    end_reading()
    response = make_response(redirect(to("ballots.ballot"), 303))
    remember_card(response, card, until=until, now=now())
    return response


@bp.get("/ballot")
@with_holder
def ballot(holder: Holder) -> Any:
    """Show the candidates, or what became of the card."""
    paper = _paper(holder.round_id)
    return _state(holder, paper) or _ballot_page(holder, paper, frozenset())


@bp.get("/rounds/<round_id>/ballot.css")
@public
def paper_style(round_id: str) -> Response:
    """Serve the stylesheet that places the thumbnails of a round's ballot page."""
    paper = _paper(round_id)
    sheet = to("ballots.paper_thumbnails", round_id=round_id, v=paper.config_hash.hex()[:12])
    return _kept_by_browsers(style_of(paper, sheet), "text/css")


@bp.get("/rounds/<round_id>/ballot.jpg")
@public
def paper_thumbnails(round_id: str) -> Response:
    """Serve all thumbnails of a round's ballot page as one picture."""
    return _kept_by_browsers(thumbnails_of(_paper(round_id), current_files()), "image/jpeg")


def _kept_by_browsers(content: str | bytes, mimetype: str) -> Response:
    # Frozen with the rules, and the address carries their hash.
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.post("/ballot")
@with_holder
@form_digest_checked
def ballot_submit(holder: Holder) -> Any:
    """Check the choices and ask to confirm them, or go back to the list with the ticks kept."""
    paper = _paper(holder.round_id)
    state = _state(holder, paper)
    if state:
        return state
    ticked: list[int] = []
    try:
        ticked = read_choices(request.form.getlist("choice"))
        if request.form.get("edit"):
            return _ballot_page(holder, paper, frozenset(ticked))
        chosen = check_choices(paper, ticked)
    except Refusal as refusal:
        return _ballot_page(holder, paper, frozenset(ticked), refusal), 422
    return _confirm_page(holder, paper, chosen)


@bp.post("/ballot/cast")
@with_holder
@form_digest_checked
def cast_submit(holder: Holder) -> Any:
    """Spend the card and store the sealed ballot; the receipt is shown only after the commit."""
    paper = _paper(holder.round_id)
    chosen: tuple[int, ...] = ()
    try:
        chosen = tuple(read_choices(request.form.getlist("choice")))
        check_hmac = _check_hmac(holder) if paper.check_code else None
        with transaction() as session:
            receipt = cast(
                session,
                now=now(),
                paper=paper,
                cred_hash=holder.cred_hash,
                nonce=holder.nonce,
                choices=chosen,
                check_hmac=check_hmac,
            )
    except WrongCheckCode as wrong:
        return _confirm_page(holder, paper, chosen, wrong), 422
    except _WRONG_CHOICES as wrong:
        return _ballot_page(holder, paper, frozenset(chosen), wrong), 422
    except Refusal as refusal:
        return _state(holder, paper) or make_response(_state_page(refusal, paper), 409)
    return redirect(to("ballots.receipt", code=receipt.code), 303)


def _check_hmac(holder: Holder) -> bytes:
    # Whatever is not six digits is not a try: nobody should lose one to a slip of the thumb.
    code = read_check_code(request.form.get("check_code", ""))
    if code is None:
        raise _CheckCodeMalformed
    return check_code_hmac(current_keys().card_key(), holder.cred_hash, code)


class _CheckCodeMalformed(WrongCheckCode):
    msgid = "请输入卡上对折处里面的 6 位数字验证码。"


@bp.get("/receipts")
@public
def receipts() -> Any:
    """Find a receipt by its code."""
    typed = request.args.get("code", "")
    code = read_short_code(typed)
    if code is not None:
        return redirect(to("ballots.receipt", code=code), 303)
    return render_template("ballots/receipts.html", typed=_shown(typed))


@bp.get("/receipts/<code>")
@public
def receipt(code: str) -> Response:
    """Say whether the ballot of a receipt lies in the urn; never what it says."""
    read = read_short_code(code)
    round_id = find_round_of_receipt(get_session(), read) if read else None
    if read is None or round_id is None:
        return make_response(render_template("ballots/receipt_unknown.html"), 404)
    holder = find_holder()
    mine = holder is not None and receipt_code(slot_of(holder.nonce)) == read
    paper = _paper(round_id)
    end_reading()
    page = render_kept(
        "ballots/receipt.html",
        key=(paper, mine),
        address="/receipts/{code}",
        slots={"code": read},
        paper=paper,
        mine=mine,
    )
    return make_response(page)


def _shown(typed: str) -> str:
    return "".join(char for char in typed[:40] if char.isprintable())


def _state(holder: Holder, paper: BallotPaper) -> Any:
    """Return the page that says why this card cannot vote now, or None if it can."""
    refusal = refusal_of_card(get_session(), holder.round_id, holder.cred_hash)
    slot = slot_of(holder.nonce)
    if isinstance(refusal, CardAlreadyUsed) and is_in_urn(get_session(), holder.round_id, slot):
        return redirect(to("ballots.receipt", code=receipt_code(slot)), 303)
    end_reading()
    refusal = refusal or refusal_of_phase(paper.phase_at(now()))
    return make_response(_state_page(refusal, paper), 409) if refusal else None


def _state_page(refusal: Refusal, paper: BallotPaper) -> str:
    return render_template("ballots/state.html", sentence=say(refusal), paper=paper)


def _ballot_page(
    holder: Holder, paper: BallotPaper, ticked: frozenset[int], refusal: Refusal | None = None
) -> str:
    return render_kept(
        "ballots/ballot.html",
        key=(paper, refusal is not None),
        address="/ballot",
        slots={
            "lines": ballot_lines(paper, start=holder.start, ticked=ticked),
            "digest": holder.form_digest,
            "sentence": say(refusal) if refusal else "",
        },
        paper=paper,
        has_sentence=refusal is not None,
    )


def _confirm_page(
    holder: Holder, paper: BallotPaper, ticked: tuple[int, ...], refusal: Refusal | None = None
) -> str:
    chosen = [number for number in ticked if number in paper.by_number]
    return render_kept(
        "ballots/confirm.html",
        key=(paper, refusal is not None),
        address="/ballot",
        slots={
            "chosen_lines": chosen_lines(paper, chosen),
            "chosen_inputs": chosen_inputs(chosen),
            "chosen_count": str(len(chosen)),
            "digest": holder.form_digest,
            "sentence": say(refusal) if refusal else "",
        },
        paper=paper,
        has_sentence=refusal is not None,
    )


def _paper(round_id: str) -> BallotPaper:
    """Return the ballot paper, at most five seconds old: it is frozen but for phase and withdrawals."""
    kept = current_app.extensions.setdefault("voting.papers", {})
    expires, paper = kept.get(round_id, (0.0, None))
    if paper is None or time.monotonic() >= expires:
        with current_database().reading() as session:
            paper = load_paper(session, round_id)
        kept[round_id] = (time.monotonic() + _PAPER_SECONDS, paper)
    found: BallotPaper = paper
    return found
