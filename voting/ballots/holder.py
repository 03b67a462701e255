"""Who may cast, as far as a browser can say: a signed cookie with the hash of a card or claim, and a nonce.

The cookie outlives the closing of WeChat. Scanning the same card keeps the nonce, and so does the same person
who claims again; another card or person replaces both, so a receipt survives and two cards on one telephone
do not mix (integrity.md §3.2).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, redirect, request, url_for

from voting.ballots.rules import BallotPaper
from voting.ballots.service import load_paper
from voting.cards.service import CardFound
from voting.errors import Refusal
from voting.posters.holder import Claimant
from voting.web.access import View, card_holder
from voting.web.db import current_config, current_database, current_keys

_NONCE = 16
_HASH = 32
_ID = 26
_PERSON = 16
_MAC = 32
_CARD = _ID + _HASH + _NONCE
# What the cookie is signed as, by its length: a card's, or that of a claim to be somebody.
_PURPOSES = {_CARD: b"cookie", _CARD + _PERSON: b"claim"}
_PAPER_SECONDS = 5.0
_LEAST_LIFE = timedelta(hours=1)


class OtherCard(Refusal):
    """The form belongs to another card or person than the one this browser holds now."""

    msgid = "这一页是另一张卡或另一个人的选票。请重新扫描您要用的那张卡或者海报，再选一次。"


@dataclass(frozen=True)
class Holder:
    """A card, or a claim to be somebody, as this browser knows it. The nonce never leaves the cookie.

    ``cred_hash`` is the hash of either; ``person`` is the keyed mark of who claims, empty for a card.
    """

    round_id: str
    cred_hash: bytes
    nonce: bytes
    person: bytes = b""

    @property
    def is_claim(self) -> bool:
        """Whether somebody came by the poster, without a card."""
        return bool(self.person)

    @property
    def form_digest(self) -> str:
        """What every form of this card carries: it ties the form to the card and to this browser."""
        return _mac(b"form", self.cred_hash + self.nonce).hex()[:32]

    @property
    def start(self) -> int:
        """A number that decides where on the list this browser starts to read."""
        return int.from_bytes(_mac(b"start", self.nonce)[:4], "big")

    def check_form(self, digest: str | None) -> None:
        """Raise OtherCard unless a form was made for this card and this browser."""
        if not hmac.compare_digest(self.form_digest.encode(), (digest or "").encode()):
            raise OtherCard


def find_holder() -> Holder | None:
    """Return the holder whose cookie this request carries, or None."""
    try:
        raw = base64.urlsafe_b64decode(request.cookies.get(_cookie_name(), ""))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    purpose = _PURPOSES.get(len(body))
    if purpose is None or not hmac.compare_digest(mac, _mac(purpose, body)):
        return None
    return Holder(
        round_id=body[:_ID].decode("ascii"),
        cred_hash=body[_ID : _ID + _HASH],
        nonce=body[_ID + _HASH : _CARD],
        person=body[_CARD:],
    )


def remember_card(response: Response, card: CardFound, *, until: datetime, now: datetime) -> None:
    """Let this browser hold ``card`` until a moment, keeping the nonce if it holds it already."""
    known = find_holder()
    same = known is not None and known.cred_hash == card.cred_hash
    nonce = known.nonce if known is not None and same else secrets.token_bytes(_NONCE)
    body = card.round_id.encode("ascii") + card.cred_hash + nonce
    _keep(response, body, until=until, now=now)


def remember_claimant(
    response: Response, claimant: Claimant, *, until: datetime, now: datetime
) -> None:
    """Let this browser hold a claim until a moment, keeping the nonce if the same person held one before."""
    known = find_holder()
    same = (
        known is not None
        and known.round_id == claimant.round_id
        and hmac.compare_digest(known.person, claimant.person)
    )
    nonce = known.nonce if known is not None and same else secrets.token_bytes(_NONCE)
    body = claimant.round_id.encode("ascii") + claimant.claim_hash + nonce + claimant.person
    _keep(response, body, until=until, now=now)


def _keep(response: Response, body: bytes, *, until: datetime, now: datetime) -> None:
    response.set_cookie(
        _cookie_name(),
        base64.urlsafe_b64encode(body + _mac(_PURPOSES[len(body)], body)).decode("ascii"),
        max_age=max(until - now, _LEAST_LIFE),
        httponly=True,
        secure=current_config().is_https,
        samesite="Lax",
    )


def with_holder(view: View) -> View:
    """Declare a view for the holder of a card and hand it over; others are asked for their card."""

    @wraps(view)
    def held(*args: Any, **kwargs: Any) -> Any:
        holder = find_holder()
        if holder is None:
            return redirect(url_for("ballots.card_code"), 303)
        return view(holder, *args, **kwargs)

    return card_holder(held)  # type: ignore[return-value]  # the decorated view takes no holder


def form_digest_checked(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a POST whose form was made for another card; it spends no try."""

    @wraps(view)
    def checked(holder: Holder, *args: Any, **kwargs: Any) -> Any:
        holder.check_form(request.form.get("form"))
        return view(holder, *args, **kwargs)

    return checked


def paper_of(round_id: str) -> BallotPaper:
    """Return the ballot paper, at most five seconds old: it is frozen but for phase and withdrawals."""
    kept = current_app.extensions.setdefault("voting.papers", {})
    expires, paper = kept.get(round_id, (0.0, None))
    if paper is None or time.monotonic() >= expires:
        with current_database().reading() as session:
            paper = load_paper(session, round_id)
        kept[round_id] = (time.monotonic() + _PAPER_SECONDS, paper)
    found: BallotPaper = paper
    return found


def _cookie_name() -> str:
    return "__Host-card" if current_config().is_https else "card"


def _mac(purpose: bytes, body: bytes) -> bytes:
    return hmac.digest(
        current_keys().app_key(), b"holder " + purpose + b"\x00" + body, hashlib.sha256
    )
