"""Finding a receipt; it never says what was chosen."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from flask import url_for as to

from voting.ballots.holder import find_holder
from voting.ballots.rules import receipt_code, slot_of
from voting.ballots.service import find_round_of_receipt
from voting.ballots.views.paper import bp, paper_of, shown
from voting.cards.rules import read_short_code
from voting.web.access import public
from voting.web.db import end_reading, get_session
from voting.web.kept import render_kept


@bp.get("/receipts")
@public
def receipts() -> Any:
    """Find a receipt by its code."""
    typed = request.args.get("code", "")
    code = read_short_code(typed)
    if code is not None:
        return redirect(to("ballots.receipt", code=code), 303)
    return render_template("ballots/receipts.html", typed=shown(typed))


@bp.get("/receipts/<typed:code>")
@public
def receipt(code: str) -> Response:
    """Say whether the ballot of a receipt lies in the urn; never what it says."""
    read = read_short_code(code)
    round_id = find_round_of_receipt(get_session(), read) if read else None
    if read is None or round_id is None:
        return make_response(render_template("ballots/receipt_unknown.html"), 404)
    holder = find_holder()
    mine = holder is not None and receipt_code(slot_of(holder.nonce)) == read
    paper = paper_of(round_id)
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
