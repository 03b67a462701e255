"""The proof of a receipt: in words for everybody, with the numbers for whoever wants to check them."""

from typing import Any

from flask import Response, make_response, render_template

from voting.adapters.keyring import KeyMissing
from voting.ballots.service import Place, find_place
from voting.cards.rules import read_short_code
from voting.errors import NotFound
from voting.ledger.holder import tree_of
from voting.ledger.models import Checkpoint
from voting.ledger.rules.notes import head_digits
from voting.ledger.rules.tree import leaf_hash
from voting.ledger.service import (
    find_head,
    find_ledger,
    get_body,
    place_of_ballot,
    signed_receipt,
    slot_of_receipt,
)
from voting.ledger.views.blueprint import bp, text_response
from voting.rounds.service import get_round
from voting.web.access import public
from voting.web.db import current_keys, get_session


@bp.get("/receipts/<typed:code>/proof")
@public
def proof(code: str) -> Response:
    """Show that the ballot of a receipt stands in the public ledger, or that it still waits."""
    read, place = _looked_up(code)
    if read is None or place is None:
        return make_response(render_template("ballots/receipt_unknown.html"), 404)
    session, round_id = get_session(), place.round_id
    round, slot = get_round(session, round_id), _slot(round_id, read)
    ledger, head = find_ledger(session, round_id), find_head(session, round_id)
    index = place_of_ballot(session, round_id, slot)
    found = None
    if head is not None and index is not None and index < head.size:
        found = _found(head, index)
    page = render_template(
        "ledger/proof.html",
        round=round,
        code=read,
        slot=slot,
        ledger=ledger,
        head=head,
        head_digits=head_digits(head.root) if head else "",
        found=found,
        receipt=_signed(round_id, slot),
    )
    return make_response(page)


@bp.get("/receipts/<typed:code>/receipt.txt")
@public
def receipt_note(code: str) -> Response:
    """Return the signed receipt as a file: evidence, should the ballot be missing later."""
    read, place = _looked_up(code)
    if read is None or place is None:
        raise NotFound
    signed = _signed(place.round_id, _slot(place.round_id, read))
    if signed is None:
        raise NotFound
    return text_response(signed, f"receipt-{read}.txt")


def _looked_up(code: str) -> tuple[str | None, Place | None]:
    read = read_short_code(code)
    return read, find_place(get_session(), read) if read else None


def _slot(round_id: str, code: str) -> bytes:
    slot = slot_of_receipt(get_session(), round_id, code)
    if slot is None:
        raise NotFound
    return slot


def _signed(round_id: str, slot: bytes) -> str | None:
    try:
        return signed_receipt(get_session(), keys=current_keys(), round_id=round_id, slot=slot)
    except KeyMissing:
        return None


def _found(head: Checkpoint, index: int) -> dict[str, Any]:
    body = get_body(get_session(), head.round_id, index)
    path = tree_of(head).inclusion(index, head.size)
    return {
        "index": index,
        "body": body,
        "leaf": leaf_hash(body.encode()).hex(),
        "proof": [one.hex() for one in path],
    }
