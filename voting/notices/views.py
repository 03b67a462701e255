"""Papers as issued: a page for phones, a long picture, the PDF, and the list at the desk."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user

from voting.adapters.pdf_pictures import long_picture
from voting.areas.service import get_area
from voting.errors import NotFound
from voting.notices.holder import facts_of, get_kind, kinds
from voting.notices.models import Notice
from voting.notices.service import get_notice, notices_in, pdf_of
from voting.permissions import Permission
from voting.web.access import needs, public
from voting.web.db import current_files, get_session

bp = Blueprint("notices", __name__)
# A paper never changes, so its picture and its PDF may be kept by whoever has fetched them.
_KEEP = "public, max-age=86400, immutable"


@bp.get("/notices/<number>")
@public
def notice(number: str) -> str:
    """Show a paper on a phone."""
    found = _numbered(number)
    return render_template(
        get_kind(found.kind).page,
        notice=found,
        facts=facts_of(found),
        area=get_area(get_session(), found.area_id),
    )


@bp.get("/notices/<number>.png")
@public
def picture(number: str) -> Response:
    """Return the paper as one long picture: WeChat's browser can keep and forward it, and no PDF."""
    found = _numbered(number)
    response = make_response(_picture(found.pdf_digest, pdf_of(current_files(), found)))
    response.mimetype = "image/png"
    response.headers["Cache-Control"] = _KEEP
    return response


@bp.get("/notices/<number>.pdf")
@public
def pdf(number: str) -> Response:
    """Return the PDF, byte for byte as issued."""
    found = _numbered(number)
    response = make_response(pdf_of(current_files(), found))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    response.headers["Cache-Control"] = _KEEP
    return response


@bp.get("/desk/notices")
@needs(Permission.ROUND_READ)
def index() -> Any:
    """List the papers of the officer's own area."""
    page = request.args.get("page", 1, type=int)
    found = notices_in(get_session(), current_user.area, page=page)
    return render_template("notices/index.html", found=found, kinds=kinds())


def _numbered(number: str) -> Notice:
    found = get_notice(get_session(), number)
    if found.number != number:
        raise NotFound
    return found


@lru_cache(maxsize=16)
def _picture(digest: str, content: bytes) -> bytes:  # noqa: ARG001 -- the digest is the key
    return long_picture(content)
