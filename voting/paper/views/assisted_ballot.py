"""The ballot on the first officer's device: the person chooses, confirms, and takes the receipt along."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask_login import current_user

from voting.areas.service import find_installation, public_url
from voting.ballots.document import (
    ballot_lines,
    chosen_inputs,
    chosen_lines,
)
from voting.ballots.holder import paper_of
from voting.ballots.rules import BallotPaper, check_choices, read_choices, total_cost
from voting.ballots.service import find_place
from voting.cards.rules import read_short_code
from voting.errors import NotFound, Refusal
from voting.figures import exact_budget
from voting.paper.forms.assisting import PersonForm
from voting.paper.service.assisted_casting import cast_assisted
from voting.paper.service.assisted_reading import find_assisting
from voting.paper.views.assisting import HELPED
from voting.paper.views.blueprint import bp
from voting.permissions import Permission
from voting.rounds.holder import on_round
from voting.rounds.models import Round
from voting.web.db import (
    current_config,
    current_keys,
    end_reading,
    get_session,
    now,
    transaction,
)
from voting.web.text import say

_NONCE = 16
_REFRESH_SECONDS = 3
# Whoever is helped at all is helped by large type.
_SIZE = "elder"


@dataclass(frozen=True)
class Device:
    """Whom this browser helps, and the nonce of the ballot to be cast."""

    elector_id: str
    nonce: bytes

    @property
    def start(self) -> int:
        """Where on the list this ballot begins."""
        return self.nonce[0]


def _device(round: Round) -> Device | None:
    round_id, elector_id, nonce = browser.get(HELPED, ["", "", ""])
    if round_id != round.id:
        return None
    if not nonce:
        nonce = secrets.token_hex(_NONCE)
        browser[HELPED] = [round_id, elector_id, nonce]
    return Device(elector_id, bytes.fromhex(nonce))


@bp.get("/desk/rounds/<round_id>/assist/ballot")
@on_round(Permission.CARD_HAND_OUT)
def assist_ballot(round: Round) -> Any:
    """Wait for the second officer, then show the ballot."""
    device = _device(round)
    if device is None:
        return _back(round)
    here = find_assisting(
        get_session(), now=now(), keys=current_keys(), round=round, elector_id=device.elector_id
    )
    if here is None or here.first_by != current_user.id:
        return _back(round)
    if here.stage == "ready":
        return _ballot_page(round, device, frozenset())
    page = make_response(
        render_template("paper/assist_wait.html", round=round, here=here, form=PersonForm())
    )
    page.headers["Refresh"] = str(_REFRESH_SECONDS)
    return page


@bp.post("/desk/rounds/<round_id>/assist/ballot")
@on_round(Permission.CARD_HAND_OUT)
def assist_ballot_submit(round: Round) -> Any:
    """Check the choices and let the person confirm them, or go back with the ticks kept."""
    device = _device(round)
    if device is None:
        return _back(round)
    ticked: list[int] = []
    try:
        ticked = read_choices(request.form.getlist("choice"))
        if request.form.get("edit"):
            return _ballot_page(round, device, frozenset(ticked))
        chosen = check_choices(paper_of(round.id), ticked)
    except Refusal as refusal:
        return _ballot_page(round, device, frozenset(ticked), refusal), 422
    return _confirm_page(round, chosen)


@bp.post("/desk/rounds/<round_id>/assist/cast")
@on_round(Permission.CARD_HAND_OUT)
def assist_cast_submit(round: Round) -> Any:
    """Cast: the receipt is shown only after the commit."""
    device, paper = _device(round), paper_of(round.id)
    if device is None:
        return _back(round)
    try:
        with transaction() as session:
            receipt = cast_assisted(
                session,
                now=now(),
                actor=current_user.actor,
                paper=paper,
                elector_id=device.elector_id,
                nonce=device.nonce,
                choices=read_choices(request.form.getlist("choice")),
            )
    except Refusal as refusal:
        return _refused(paper, round, refusal), refusal.status
    browser.pop(HELPED, None)
    return redirect(url_for("paper.assist_receipt", round_id=round.id, code=receipt.code), 303)


@bp.get("/desk/rounds/<round_id>/assist/receipts/<typed:code>")
@on_round(Permission.CARD_HAND_OUT)
def assist_receipt(round: Round, code: str) -> str:
    """Show the receipt for the person's own telephone, or to be printed; it names nobody."""
    read = read_short_code(code)
    place = find_place(get_session(), read) if read else None
    if place is None or place.round_id != round.id:
        raise NotFound
    address = public_url(find_installation(get_session()), current_config())
    end_reading()
    return render_template(
        "paper/assist_receipt.html",
        round=round,
        paper=paper_of(round.id),
        code=read,
        address=address,
        size=_SIZE,
    )


def _back(round: Round) -> Any:
    return redirect(url_for("paper.assist", round_id=round.id), 303)


def _ballot_page(
    round: Round, device: Device, ticked: frozenset[int], refusal: Refusal | None = None
) -> str:
    paper = paper_of(round.id)
    return render_template(
        "paper/assist_ballot.html",
        round=round,
        paper=paper,
        lines=ballot_lines(paper, start=device.start, ticked=ticked),
        sentence=say(refusal) if refusal else "",
        size=_SIZE,
    )


def _confirm_page(round: Round, chosen: tuple[int, ...]) -> str:
    paper = paper_of(round.id)
    return render_template(
        "paper/assist_confirm.html",
        round=round,
        paper=paper,
        count=len(chosen),
        cost=exact_budget(total_cost(paper, chosen)),
        lines=chosen_lines(paper, chosen),
        inputs=chosen_inputs(chosen),
        size=_SIZE,
    )


def _refused(paper: BallotPaper, round: Round, refusal: Refusal) -> str:
    return render_template(
        "paper/assist_refused.html", round=round, paper=paper, sentence=say(refusal), size=_SIZE
    )
