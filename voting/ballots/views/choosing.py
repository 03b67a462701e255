"""Choosing and casting: the list, the confirm page, and the one POST that spends the card."""

from typing import Any

from flask import make_response, redirect, render_template, request
from flask import url_for as to

from voting.ballots.document import ballot_lines, chosen_inputs, chosen_lines
from voting.ballots.holder import Holder, form_digest_checked, with_holder
from voting.ballots.rules import (
    BallotPaper,
    NothingChosen,
    TooFewChosen,
    TooManyChosen,
    UnknownChoice,
    VotingNotYetOpen,
    WithdrawnChoice,
    check_choices,
    read_choices,
    receipt_code,
    refusal_of_phase,
    slot_of,
    total_cost,
)
from voting.ballots.service import (
    CardAlreadyUsed,
    Receipt,
    WrongCheckCode,
    cast,
    cast_by_claim,
    is_in_urn,
    refusal_of_card,
)
from voting.ballots.views.paper import bp, paper_of
from voting.cards.rules import read_check_code
from voting.cards.service import check_code_hmac
from voting.errors import Refusal
from voting.figures import exact_budget
from voting.posters.rules import ClaimGone
from voting.posters.service import is_proven
from voting.rounds.rules import OverLimit
from voting.web.db import current_keys, end_reading, get_session, now, transaction
from voting.web.kept import render_kept
from voting.web.text import say

_WRONG_CHOICES = (
    NothingChosen, OverLimit, TooFewChosen, TooManyChosen, UnknownChoice, WithdrawnChoice,
)  # fmt: skip


@bp.get("/ballot")
@with_holder
def ballot(holder: Holder) -> Any:
    """Show the candidates, or what became of the card."""
    paper = paper_of(holder.round_id)
    return _state(holder, paper) or _ballot_page(holder, paper, frozenset())


@bp.post("/ballot")
@with_holder
@form_digest_checked
def ballot_submit(holder: Holder) -> Any:
    """Check the choices and ask to confirm them, or go back to the list with the ticks kept."""
    paper = paper_of(holder.round_id)
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
    paper = paper_of(holder.round_id)
    chosen: tuple[int, ...] = ()
    try:
        chosen = tuple(read_choices(request.form.getlist("choice")))
        receipt = _cast(holder, paper, chosen)
    except WrongCheckCode as wrong:
        return _confirm_page(holder, paper, chosen, wrong), 422
    except _WRONG_CHOICES as wrong:
        return _ballot_page(holder, paper, frozenset(chosen), wrong), 422
    except Refusal as refusal:
        return _state(holder, paper) or make_response(_state_page(refusal, paper), 409)
    return redirect(to("ballots.receipt", code=receipt.code), 303)


def _cast(holder: Holder, paper: BallotPaper, chosen: tuple[int, ...]) -> Receipt:
    if holder.is_claim:
        with transaction() as session:
            return cast_by_claim(
                session, now=now(), paper=paper, claim_hash=holder.cred_hash, nonce=holder.nonce,
                choices=chosen,
            )  # fmt: skip
    check_hmac = _check_hmac(holder) if paper.check_code else None
    with transaction() as session:
        return cast(
            session, now=now(), paper=paper, cred_hash=holder.cred_hash, nonce=holder.nonce,
            choices=chosen, check_hmac=check_hmac,
        )  # fmt: skip


def _check_hmac(holder: Holder) -> bytes:
    # Whatever is not six digits is not a try: nobody should lose one to a slip of the thumb.
    code = read_check_code(request.form.get("check_code", ""))
    if code is None:
        raise _CheckCodeMalformed
    return check_code_hmac(current_keys().card_key(), holder.cred_hash, code)


class _CheckCodeMalformed(WrongCheckCode):
    msgid = "请输入卡上对折处里面的 6 位数字验证码。"


def _state(holder: Holder, paper: BallotPaper) -> Any:
    """Return the page that says why this card or claim cannot vote now, or None if it can."""
    refusal = _refusal(holder)
    slot = slot_of(holder.nonce)
    if isinstance(refusal, CardAlreadyUsed | ClaimGone) and is_in_urn(
        get_session(), holder.round_id, slot
    ):
        return redirect(to("ballots.receipt", code=receipt_code(slot)), 303)
    end_reading()
    refusal = refusal or refusal_of_phase(paper.phase_at(now()))
    return make_response(_state_page(refusal, paper), 409) if refusal else None


def _refusal(holder: Holder) -> Refusal | None:
    if holder.is_claim:
        proven = is_proven(get_session(), holder.round_id, holder.cred_hash, now())
        return None if proven else ClaimGone()
    return refusal_of_card(get_session(), holder.round_id, holder.cred_hash)


def _state_page(refusal: Refusal, paper: BallotPaper) -> str:
    early = isinstance(refusal, VotingNotYetOpen)
    return render_template("ballots/state.html", sentence=say(refusal), paper=paper, early=early)


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
    needs_code = paper.check_code and not holder.is_claim
    chosen = [number for number in ticked if number in paper.by_number]
    return render_kept(
        "ballots/confirm.html",
        key=(paper, refusal is not None, needs_code),
        address="/ballot",
        slots={
            "chosen_lines": chosen_lines(paper, chosen),
            "chosen_inputs": chosen_inputs(chosen),
            "chosen_count": str(len(chosen)),
            "chosen_cost": exact_budget(total_cost(paper, chosen)),
            "digest": holder.form_digest,
            "sentence": say(refusal) if refusal else "",
        },
        paper=paper,
        needs_code=needs_code,
        has_sentence=refusal is not None,
    )
