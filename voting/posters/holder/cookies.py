"""A claim as its browser keeps it: a signed cookie with the round, a secret, a keyed mark of the person.

The mark lets somebody who claims again on the same browser keep the nonce of the ballot (ballots/holder.py).
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request

from voting.posters.service import claim_hash
from voting.web.db import current_config, current_keys

_ID = 26
_SECRET = 32
_PERSON = 16
_MAC = 32
_LIFE = timedelta(hours=1)


@dataclass(frozen=True, repr=False)
class Claimant:
    """Who holds a claim, as far as a browser can say."""

    round_id: str
    secret: bytes
    person: bytes

    @property
    def claim_hash(self) -> bytes:
        """Under what the claim lies in the database."""
        return claim_hash(self.secret)


def find_claimant(round_id: str) -> Claimant | None:
    """Return who claims to be somebody in a round, or None if this browser does not."""
    try:
        raw = base64.urlsafe_b64decode(request.cookies.get(_name(), ""))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if len(body) != _ID + _SECRET + _PERSON or not hmac.compare_digest(mac, _mac(b"claim", body)):
        return None
    found = Claimant(
        round_id=body[:_ID].decode("ascii"),
        secret=body[_ID : _ID + _SECRET],
        person=body[_ID + _SECRET :],
    )
    return found if found.round_id == round_id else None


def remember_claim(response: Response, *, round_id: str, secret: bytes, claimed_key: bytes) -> None:
    """Let this browser hold a claim."""
    person = _mac(b"person", round_id.encode("ascii") + claimed_key)[:_PERSON]
    body = round_id.encode("ascii") + secret + person
    response.set_cookie(
        _name(),
        base64.urlsafe_b64encode(body + _mac(b"claim", body)).decode("ascii"),
        max_age=_LIFE,
        httponly=True,
        secure=current_config().is_https,
        samesite="Lax",
    )


def forget_claimant(response: Response) -> None:
    """Let this browser hold no claim any more."""
    response.delete_cookie(_name(), secure=current_config().is_https, samesite="Lax")


def _name() -> str:
    return "__Host-claim" if current_config().is_https else "claim"


def _mac(purpose: bytes, body: bytes) -> bytes:
    key = current_keys().app_key()
    return hmac.digest(key, b"claimant " + purpose + b"\x00" + body, hashlib.sha256)
