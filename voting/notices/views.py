"""Papers as issued: a page for phones, a long picture, the PDF, and the list at the desk."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_login import current_user

from voting.adapters.pdf_pictures import long_picture
from voting.areas.service import get_area
from voting.errors import NotFound
from voting.notices.holder import facts_of, kind_of, kinds, page_of, printed
from voting.notices.models import Notice
from voting.notices.rules import PlainPaper
from voting.notices.service import (
    PUBLIC,
    Wanted,
    get_notice,
    get_notice_in,
    notices_in,
)
from voting.permissions import Permission
from voting.web.access import needs, public
from voting.web.db import get_session

bp = Blueprint("notices", __name__)
# A paper never changes, so its picture and its PDF may be kept by whoever has fetched them.
_KEEP = "public, max-age=86400, immutable"
_MOST_WORDS = 40
_AUDIENCES = ("public", "desk")


@bp.get("/notices/<number>")
@public
def notice(number: str) -> str:
    """Show a paper on a phone."""
    return _page(_numbered(number))


@bp.get("/notices/<number>.png")
@public
def picture(number: str) -> Response:
    """Return the paper as one long picture: WeChat's browser can keep and forward it, and no PDF."""
    response = make_response(_picture(printed(_numbered(number))))
    response.mimetype = "image/png"
    response.headers["Cache-Control"] = _KEEP
    return response


@bp.get("/notices/<number>.pdf")
@public
def pdf(number: str) -> Response:
    """Return the PDF, byte for byte as issued."""
    found = _numbered(number)
    response = _pdf(printed(found), found.number)
    response.headers["Cache-Control"] = _KEEP
    return response


@bp.get("/desk/notices")
@needs(Permission.ROUND_READ)
def index() -> Any:
    """List the papers of the officer's own area, those for the desk among them."""
    wanted = Wanted(
        words=request.args.get("q", "").replace("\0", "").strip()[:_MOST_WORDS],
        audience=_chosen("audience", _AUDIENCES),
        round_id=request.args.get("round", "").replace("\0", "")[:_MOST_WORDS],
    )
    page = request.args.get("page", 1, type=int)
    found = notices_in(get_session(), current_user.area, wanted=wanted, page=page)
    return render_template("notices/index.html", found=found, kinds=kinds(), wanted=wanted)


@bp.get("/desk/notices/<notice_id>")
@needs(Permission.ROUND_READ)
def desk_notice(notice_id: str) -> Any:
    """Show a paper of the desk; what everybody may read has its page where everybody reads it."""
    found = get_notice_in(get_session(), current_user.area, notice_id)
    if found.audience == PUBLIC:
        return redirect(page_of(found), 303)
    return _page(found)


@bp.get("/desk/notices/<notice_id>.pdf")
@needs(Permission.ROUND_READ)
def desk_pdf(notice_id: str) -> Response:
    """Return the PDF of a paper of the officer's own area; no browser keeps it."""
    found = get_notice_in(get_session(), current_user.area, notice_id)
    return _pdf(printed(found), found.id)


def _chosen(name: str, offered: tuple[str, ...]) -> str:
    given = request.args.get(name, "")
    return given if given in offered else ""


def _page(found: Notice) -> str:
    kind, facts = kind_of(found), facts_of(found)
    is_for_desk = found.audience != PUBLIC and isinstance(facts, PlainPaper)
    return render_template(
        "notices/desk.html" if is_for_desk else kind.page,
        notice=found,
        facts=facts,
        kind=kind,
        area=get_area(get_session(), found.area_id),
    )


def _numbered(number: str) -> Notice:
    found = get_notice(get_session(), number)
    if found.number != number or found.audience != PUBLIC:
        raise NotFound
    return found


def _pdf(content: bytes, name: str) -> Response:
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@lru_cache(maxsize=16)
def _picture(content: bytes) -> bytes:
    return long_picture(content)
