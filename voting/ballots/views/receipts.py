"""Finding a receipt, and taking it along; nothing here ever says what was chosen."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from flask import url_for as to

from voting.adapters import qr
from voting.adapters.fonts import find_fonts
from voting.areas.service import find_installation, public_url
from voting.ballots.document import receipt_address, receipt_picture
from voting.ballots.holder import find_holder
from voting.ballots.rules import BallotPaper, receipt_code, slot_of
from voting.ballots.service import Place, find_place
from voting.ballots.views.paper import bp, paper_of, shown
from voting.cards.rules import read_short_code
from voting.errors import NotFound
from voting.web.access import public
from voting.web.db import current_config, end_reading, get_session
from voting.web.kept import render_kept

_SCALE = 9
# A receipt keeps its address and its picture; nobody but this browser needs to keep them.
_KEEP = "private, max-age=86400"


@bp.get("/receipts")
@public
def receipts() -> Any:
    """Find a receipt by its code."""
    typed = request.args.get("code", "")
    code = read_short_code(typed)
    if code is not None:
        return redirect(to("ballots.receipt", code=code), 303)
    return render_template("ballots/receipts.html", typed=shown(typed))


@bp.get("/RECEIPTS/<typed:code>")
@bp.get("/receipts/<typed:code>")
@public
def receipt(code: str) -> Response:
    """Say whether the ballot of a receipt lies in the urn, and whether the ledger has sealed it."""
    read, place = _looked_up(code)
    if read is None or place is None:
        return make_response(render_template("ballots/receipt_unknown.html"), 404)
    holder = find_holder()
    mine = holder is not None and receipt_code(slot_of(holder.nonce)) == read
    paper = paper_of(place.round_id)
    end_reading()
    is_covered = place.covered is not None
    page = render_kept(
        "ballots/receipt.html",
        key=(paper, mine, is_covered),
        address="/receipts/{code}",
        slots={"code": read, "covered": str(place.covered or "")},
        paper=paper,
        mine=mine,
        is_covered=is_covered,
    )
    return make_response(page)


@bp.get("/receipts/<typed:code>/code.png")
@public
def receipt_qr(code: str) -> Response:
    """Serve the receipt's own address as a QR code: a page of its own, so that casting need not draw it."""
    read, _paper, address = _taken_along(code)
    drawn = qr.png(receipt_address(address, read), scale=_SCALE)
    return _png(drawn, f"receipt-{read}-code.png")


@bp.get("/receipts/<typed:code>/receipt.png")
@public
def receipt_image(code: str) -> Response:
    """Serve the receipt as a picture for the album.

    WeChat's browser downloads nothing: there the picture is opened, and a long press keeps it.
    """
    read, paper, address = _taken_along(code)
    config = current_config()
    fonts = find_fonts(config.font_dir, config.var / "fonts")
    drawn = receipt_picture(paper, read, address, fonts=fonts)
    in_wechat = "MicroMessenger" in request.headers.get("User-Agent", "")
    return _png(drawn, f"receipt-{read}.png", attached=not in_wechat)


def _looked_up(code: str) -> tuple[str | None, Place | None]:
    read = read_short_code(code)
    return read, find_place(get_session(), read) if read else None


def _taken_along(code: str) -> tuple[str, BallotPaper, str]:
    read, place = _looked_up(code)
    if read is None or place is None:
        raise NotFound
    address = public_url(find_installation(get_session()), current_config())
    end_reading()
    return read, paper_of(place.round_id), address


def _png(content: bytes, name: str, *, attached: bool = False) -> Response:
    response = Response(content, mimetype="image/png")
    response.headers["Cache-Control"] = _KEEP
    way = "attachment" if attached else "inline"
    response.headers["Content-Disposition"] = f"{way}; filename={name}"
    return response
