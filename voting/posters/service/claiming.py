"""Somebody says who they are, and proves it: by the screen, by a short message, or before a worker.

Which part of a wrong claim was wrong is told nobody, and every wrong claim does the same work: one look under
the keyed number, one update of the counter, one comparison of a code (docs/2_rules/channels.md).
"""

import hmac
import json
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, lock_field
from voting.polling.service import is_minute_code, screens_of
from voting.posters.models import PosterClaim, ShortMessage
from voting.posters.rules import (
    CLAIM_LIFE,
    MOST_MESSAGES,
    ClaimGone,
    NotProven,
    Person,
    is_mobile,
    short_code_of,
)
from voting.posters.service.holding import find_waiting
from voting.posters.service.looking import (
    claim_hash,
    claimable,
    count_try,
    look,
    new_claim,
    require_unused,
)
from voting.roll.service.secrecy import open_phone, roll_key
from voting.rounds.rules import SecondFactor

MESSAGE = "short message"
_LONGEST_PHONE = 11


def claim_by_screen(
    session: Session, *, now: datetime, keys: Keyring, round_id: str, person: Person, code: str,
    secret: bytes,
) -> bytes:  # fmt: skip
    """Prove somebody by name, number and the code of the minute; return what their tries are counted under.

    Raises NotFound, NotClaiming, NotProven, or RightAlreadyUsed once everything was right.
    """
    round = claimable(session, round_id, SecondFactor.SCREEN, now)
    looked = look(session, keys, round, person)
    is_there = is_minute_code(keys, round_id, screens_of(session, round_id), code, now)
    is_right = looked.fits and is_there
    tried = count_try(session, round_id, looked.claimed_key, wrong=not is_right)
    if not is_right or tried.is_locked or looked.elector_id is None:
        raise NotProven
    require_unused(session, round_id, looked.elector_id)
    session.add(new_claim(round_id, secret, looked, SecondFactor.SCREEN, now, state="proven"))
    session.flush()
    return looked.claimed_key


def claim_by_message(
    session: Session, *, now: datetime, keys: Keyring, round_id: str, person: Person, code: str,
    secret: bytes,
) -> bytes:  # fmt: skip
    """Let a short message with ``code`` go to the telephone on the roll; return what is counted under.

    Whoever is claimed, a message is written down; one that reaches nobody is thrown away when it is sent.
    Raises NotFound or NotClaiming.
    """
    round = claimable(session, round_id, SecondFactor.SMS, now)
    looked = look(session, keys, round, person)
    tried = count_try(session, round_id, looked.claimed_key, wrong=False, message=True)
    pepper = roll_key(keys, round)
    may_be_sent = looked.fits and not tried.is_locked and tried.messages <= MOST_MESSAGES
    phone = open_phone(pepper, looked.phone_sealed) if may_be_sent else ""
    to = phone if is_mobile(phone) else ""
    content = json.dumps({"to": f"{to:{_LONGEST_PHONE}}", "code": code})
    hidden = _message_hmac(keys, secret, code)
    session.add(new_claim(round_id, secret, looked, SecondFactor.SMS, now, code_hmac=hidden))
    session.add(
        ShortMessage(
            round_id=round_id,
            sealed=lock_field(pepper, MESSAGE, content),
            expires_at=now + CLAIM_LIFE,
        )
    )
    session.flush()
    return looked.claimed_key


def answer_message(
    session: Session, *, now: datetime, keys: Keyring, round_id: str, secret: bytes, code: str
) -> None:
    """Prove a claim by what the short message said.

    Raises NotFound, NotClaiming, ClaimGone, NotProven, or RightAlreadyUsed once everything was right.
    """
    claimable(session, round_id, SecondFactor.SMS, now)
    claim = find_waiting(session, round_id, claim_hash(secret), SecondFactor.SMS, now)
    if claim is None:
        raise ClaimGone
    right = hmac.compare_digest(claim.code_hmac or b"", _message_hmac(keys, secret, code))
    is_right = right and claim.name_fits
    tried = count_try(session, round_id, claim.claimed_key, wrong=not is_right)
    if not is_right or tried.is_locked or claim.elector_id is None:
        raise NotProven
    require_unused(session, round_id, claim.elector_id)
    session.execute(
        update(PosterClaim)
        .where(PosterClaim.round_id == round_id, PosterClaim.claim_hash == claim.claim_hash)
        .values(state="proven", code_hmac=None, expires_at=now + CLAIM_LIFE)
        .execution_options(synchronize_session=False)
    )


def claim_before_worker(
    session: Session, *, now: datetime, keys: Keyring, round_id: str, person: Person, secret: bytes
) -> bytes:
    """Let somebody wait until a worker has found them by the short code of ``secret``.

    Raises NotFound or NotClaiming; returns what tries are counted under.
    """
    round = claimable(session, round_id, SecondFactor.WORKER, now)
    looked = look(session, keys, round, person)
    count_try(session, round_id, looked.claimed_key, wrong=False)
    hidden = short_code_hmac(keys, round_id, short_code(keys, secret))
    session.add(new_claim(round_id, secret, looked, SecondFactor.WORKER, now, code_hmac=hidden))
    session.flush()
    return looked.claimed_key


def short_code(keys: Keyring, secret: bytes) -> str:
    """Return the short code that the browser with this secret shows to a worker."""
    return short_code_of(keyed_hash(keys.card_key(), "short code of a claim", secret))


def short_code_hmac(keys: Keyring, round_id: str, code: str) -> bytes:
    """Return the keyed hash under which a worker finds a claim."""
    return keyed_hash(keys.card_key(), "claim before worker", round_id, code)


def _message_hmac(keys: Keyring, secret: bytes, code: str) -> bytes:
    return keyed_hash(keys.card_key(), "claim by message", claim_hash(secret), code)
