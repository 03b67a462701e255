"""Access is declared on every route; the app refuses to start otherwise.

A declaration is the outermost decorator below the route. It marks the view (``__access__``) and, where
somebody must be signed in, checks it before the view runs.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from voting.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


class UndeclaredAccess(Exception):
    """A route says nothing about who may use it."""


def _declare(view: View, access: str) -> View:
    view.__access__ = access  # type: ignore[attr-defined]  # functions take attributes at run time
    return view


def public(view: View) -> View:
    """Declare that anyone may use the view."""
    return _declare(view, "public")


def card_holder(view: View) -> View:
    """Declare that the view serves whoever holds a ballot card; it resolves the holder itself."""
    return _declare(view, "card_holder")


def appointed(view: View) -> View:
    """Declare that the view serves an appointed person; it resolves the appointment itself."""
    return _declare(view, "appointed")


def signed_in(view: View) -> View:
    """Declare that any officer may use the view."""
    return _guard(view, "signed_in", None)


def needs(permission: Permission) -> Callable[[View], View]:
    """Declare that the view needs a permission; the area is checked where the object is loaded."""

    def decorate(view: View) -> View:
        return _guard(view, permission.value, permission)

    return decorate


def _guard(view: View, access: str, permission: Permission | None) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            target = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=target), 303)
        if current_user.must_change_password and request.endpoint not in _BEFORE_NEW_PASSWORD:
            return redirect(url_for("accounts.password"), 303)
        if permission is not None and permission not in current_user.permissions:
            raise Forbidden
        return view(*args, **kwargs)

    return _declare(cast("View", guarded), access)


_BEFORE_NEW_PASSWORD = {"accounts.password", "accounts.password_submit", "accounts.sign_out_submit"}


def require_declarations(app: Flask) -> None:
    """Raise UndeclaredAccess for the first route without a declaration."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "__access__"):
            raise UndeclaredAccess(f"{rule.rule} ({rule.endpoint}) declares no access")
