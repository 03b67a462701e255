"""What every template knows, and the preferences a browser carries."""

from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

SIZES = ("normal", "large", "elder")
# What follows is the secret of a card, a slip or a screen: no page repeats it, not even to whoever sent it.
_SECRET = ("/c/", "/s/", "/screen/")


def chosen_size() -> str:
    """Return the type size this browser asked for."""
    size = request.cookies.get("size", "normal")
    return size if size in SIZES else "normal"


def own_address() -> str:
    """Return path and query of this page, quoted: what a form may send back to come here again.

    A page that answers a POST may have no address of its own, and one that is a secret has none to give;
    then it is where the way began.
    """
    if not _can_be_got() or request.path.lower().startswith(_SECRET):
        return "/ballot" if request.blueprint == "ballots" else "/"
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def _can_be_got() -> bool:
    if request.method in {"GET", "HEAD"}:
        return True
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return False
    return True


def init_app(app: Flask) -> None:
    """Register the context that is common to all pages."""
    # A global, not a context variable: macros are imported without context.
    app.jinja_env.globals["own_address"] = own_address

    @app.context_processor
    def preferences() -> dict[str, Any]:
        return {"size": chosen_size(), "sizes": SIZES}
