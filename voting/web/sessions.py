"""Where no browser is known: open data is the same for everybody, so no cookie is read or set there."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

_KNOWS_NOBODY = ("/api/", "/embed/")


def knows_nobody(request: Request) -> bool:
    """Tell whether an address answers everybody alike, whatever their browser sends along."""
    return request.path.startswith(_KNOWS_NOBODY)


class _Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session in the browser's cookie; None, which stays empty, where nobody is known."""
        return None if knows_nobody(request) else super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Let the app keep sessions in this way."""
    app.session_interface = _Sessions()
