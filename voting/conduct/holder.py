"""Who holds a duty, as far as a browser can say: a signed cookie that names an appointment and its slip.

The cookie outlives the closing of WeChat; it opens nothing any more once the slip was replaced or ended.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, make_response, render_template, request

from voting.conduct.service import find_running
from voting.rounds.models import Appointment
from voting.web.access import appointed
from voting.web.db import current_config, current_keys, get_session, now

_ID = 26
_HASH = 32
_MAC = 32
_LIFE = timedelta(days=120)


def remember_duty(response: Response, appointment: Appointment) -> None:
    """Let this browser hold the duty of a slip."""
    body = appointment.id.encode("ascii") + appointment.slip_hash
    response.set_cookie(
        _cookie_name(),
        base64.urlsafe_b64encode(body + _mac(body)).decode("ascii"),
        max_age=_LIFE,
        httponly=True,
        secure=current_config().is_https,
        samesite="Lax",
    )


def find_duty() -> Appointment | None:
    """Return the appointment this browser holds, as long as its slip lives."""
    try:
        raw = base64.urlsafe_b64decode(request.cookies.get(_cookie_name(), ""))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if len(body) != _ID + _HASH or not hmac.compare_digest(mac, _mac(body)):
        return None
    return find_running(get_session(), body[:_ID].decode("ascii"), body[_ID:], now=now())


def on_duty(view: Callable[..., Any]) -> Callable[..., Any]:
    """Declare a view for appointed people and hand it the appointment; others are asked for their slip."""

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        appointment = find_duty()
        if appointment is None:
            return make_response(render_template("conduct/no_duty.html"), 403)
        return view(appointment, *args, **kwargs)

    return appointed(held)


def _cookie_name() -> str:
    return "__Host-duty" if current_config().is_https else "duty"


def _mac(body: bytes) -> bytes:
    return hmac.digest(current_keys().app_key(), b"duty cookie\x00" + body, hashlib.sha256)
