"""The place this browser calls its own: an area's id in a plain cookie, nothing of the person."""

from flask import Response, request

from voting.areas.models import Area
from voting.areas.service import get_area
from voting.errors import NotFound
from voting.web.db import current_config, get_session

_COOKIE = "estate"
_YEAR = 365 * 24 * 3600


def own_place() -> Area | None:
    """Return the place this browser chose, or None; a place that is gone is none."""
    chosen = request.cookies.get(_COOKIE, "")[:64]
    if not chosen.isascii():
        return None
    try:
        return get_area(get_session(), chosen)
    except NotFound:
        return None


def keep_place(response: Response, area: Area) -> None:
    """Let this browser remember a place."""
    response.set_cookie(
        _COOKIE, area.id, max_age=_YEAR, samesite="Lax", httponly=True,
        secure=current_config().is_https,
    )  # fmt: skip


def forget_place(response: Response) -> None:
    """Let this browser forget its place."""
    response.delete_cookie(_COOKIE, samesite="Lax", httponly=True, secure=current_config().is_https)
