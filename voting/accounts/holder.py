"""Who sits at the desk: the officer of this request, by a cookie whose token only the browser knows."""

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, current_user

from voting.accounts.models import Officer
from voting.accounts.service import (
    admit,
    claim_try,
    failure,
    find_session,
    hashing_slot,
    note_failure,
    sign_out,
    touch,
    wants_touch,
)
from voting.web.db import current_config, get_session, now, transaction
from voting.web.sessions import knows_nobody

_LONGEST = 100


def init_app(app: Flask) -> None:
    """Let every request know its officer."""
    manager = LoginManager(app)
    # Nothing of the sign-in lies in Flask's session, so there is nothing of it to protect there.
    manager.session_protection = None
    manager.request_loader(_load)
    app.before_request(_load_early)


def sign_in_by_password(sign_in_name: str, password: str) -> str:
    """Return the token of a new session; raise SignInFailed or TooManySignIns.

    The hash is worked out between two transactions: on SQLite nobody could vote meanwhile.
    """
    config = current_config()
    with hashing_slot():
        with transaction() as session:
            claim = claim_try(session, now=now(), config=config, sign_in_name=sign_in_name)
        fitting = claim.fits(password)
    with transaction() as session:
        if fitting is None:
            note_failure(session, now=now(), claim=claim)
        else:
            return admit(session, now=now(), config=config, claim=fitting)
    raise failure(config)


def sign_out_here() -> None:
    """End the session of this browser on the server; its cookie is worth nothing from now on."""
    token = current_token()
    if token:
        with transaction() as session:
            sign_out(session, token)


def current_token() -> str:
    """Return the token this browser sent, whatever it is worth."""
    return request.cookies.get(_cookie(), "")[:_LONGEST]


def remember(response: Response, token: str) -> None:
    """Give the browser the token of its session, for as long as the browser is open."""
    response.set_cookie(
        _cookie(), token, httponly=True, secure=current_config().is_https, samesite="Strict"
    )


def forget(response: Response) -> None:
    """Take the token away from the browser."""
    response.delete_cookie(
        _cookie(), httponly=True, secure=current_config().is_https, samesite="Strict"
    )


def _cookie() -> str:
    return "__Host-desk" if current_config().is_https else "desk"


def _load(_request: Request) -> Officer | None:
    token = current_token()
    # Asked a second time, the first failed: the page that says so must not need the database again.
    if not token or "officer_asked" in g:
        return None
    g.officer_asked = True
    found = find_session(get_session(), token, now=now(), config=current_config())
    if found is None:
        return None
    signed_in, officer = found
    if wants_touch(signed_in, now=now()):
        with transaction() as session:
            touch(session, token, now=now())
    return officer


def _load_early() -> None:
    # Before any view opens a transaction: loading may write, and one writer must not wait for itself.
    if current_token() and request.endpoint != "static" and not knows_nobody(request):
        g.is_at_desk = current_user.is_authenticated
