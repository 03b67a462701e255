"""Signing in and out: tries are counted in the database, sessions live there.

The web signs in by three steps, so that no hash is worked out inside a transaction: ``claim_try`` takes
one of the tries, ``Claim.fits`` works out the hash, ``admit`` makes the session. ``sign_in`` is the three
in one transaction.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import case, delete, literal, null, select, update
from sqlalchemy.orm import Session

from voting.accounts.models import Officer, OfficerSession
from voting.accounts.rules import folded_name
from voting.accounts.service.passwords import fits, hash_password, is_outdated
from voting.config import Config
from voting.errors import CountedRefusal
from voting.journal.rules import Actor
from voting.journal.service import record

_TOKEN = 32
_TOUCH = timedelta(minutes=1)


class SignInFailed(CountedRefusal):
    """Unknown, wrong, locked or retired: one sentence for all, so that nobody learns which names exist."""

    msgid = (
        "登录名或密码不对，或者账号暂时锁定了。连续输错 %(tries)s 次会锁定 %(minutes)s 分钟；"
        "急用请找管理员解锁。"
    )
    status = 422


def failure(config: Config) -> SignInFailed:
    """Return the refusal with its figures."""
    return SignInFailed(tries=config.sign_in_tries, minutes=config.lockout_minutes)


@dataclass(frozen=True)
class Claim:
    """One try at one account; without ``officer_id`` there is nothing that could fit."""

    officer_id: str | None = None
    password_hash: str | None = None
    locks: bool = False
    renewed_hash: str | None = None

    def fits(self, password: str) -> "Claim | None":
        """Return the claim to be admitted if the password is right; takes as long if nothing can fit."""
        if not fits(self.password_hash, password) or self.password_hash is None:
            return None
        renewed = hash_password(password) if is_outdated(self.password_hash) else None
        return replace(self, renewed_hash=renewed)


def claim_try(session: Session, *, now: datetime, config: Config, sign_in_name: str) -> Claim:
    """Take one of the tries of an account, before any password is looked at.

    A single conditional update counts and locks: of any number of tries at once, no more than
    ``config.sign_in_tries`` get to compare a password. The try that reaches the limit still counts.
    """
    name = folded_name(sign_in_name)
    if not name.isprintable():
        return Claim()
    tries = case((Officer.locked_until.is_(None), Officer.failed_tries + 1), else_=1)
    until = literal(now + timedelta(minutes=config.lockout_minutes), Officer.locked_until.type)
    taken = session.execute(
        update(Officer)
        .where(
            Officer.sign_in_name == name,
            Officer.retired_at.is_(None),
            Officer.locked_until.is_(None) | (Officer.locked_until <= now),
        )
        .values(
            failed_tries=tries,
            locked_until=case((tries >= config.sign_in_tries, until), else_=null()),
        )
        .returning(Officer.id, Officer.password_hash, Officer.locked_until)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return Claim()
    return Claim(taken.id, taken.password_hash, locks=taken.locked_until is not None)


def note_failure(session: Session, *, now: datetime, claim: Claim) -> None:
    """Write the lock down in the journal, if the failed try was the one that locked the account."""
    if not claim.locks:
        return
    officer = session.get_one(Officer, claim.officer_id)
    door = Actor(id="sign-in", name="登录页", area_path=officer.area.path)
    record(session, door, "accounts.lock", now=now, kind="officer", id=officer.id)


def admit(session: Session, *, now: datetime, config: Config, claim: Claim) -> str:
    """Begin a session for a claim whose password was right and return its token (256 random bits).

    Raises SignInFailed when the account was retired or got another password in the meantime.
    """
    changed = session.execute(
        update(Officer)
        .where(
            Officer.id == claim.officer_id,
            Officer.password_hash == claim.password_hash,
            Officer.retired_at.is_(None),
        )
        .values(
            failed_tries=0,
            locked_until=None,
            password_hash=claim.renewed_hash or claim.password_hash,
        )
        .returning(Officer.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise failure(config)
    officer = session.get_one(Officer, claim.officer_id, populate_existing=True)
    session.execute(
        delete(OfficerSession).where(OfficerSession.started_at <= _earliest_start(now, config))
    )
    token = secrets.token_urlsafe(_TOKEN)
    session.add(
        OfficerSession(
            token_hash=_digest(token), officer_id=officer.id, started_at=now, seen_at=now
        )
    )
    record(session, officer.actor, "accounts.sign_in", now=now, kind="officer", id=officer.id)
    return token


def sign_in(
    session: Session, *, now: datetime, config: Config, sign_in_name: str, password: str
) -> str:
    """Sign in and return the token; raise SignInFailed, which commits the counted try."""
    claim = claim_try(session, now=now, config=config, sign_in_name=sign_in_name)
    fitting = claim.fits(password)
    if fitting is None:
        note_failure(session, now=now, claim=claim)
        raise failure(config)
    return admit(session, now=now, config=config, claim=fitting)


def find_session(
    session: Session, token: str, *, now: datetime, config: Config
) -> tuple[OfficerSession, Officer] | None:
    """Return the session of a token and its officer, or None if it ended, expired or never was."""
    found = session.execute(
        select(OfficerSession, Officer)
        .join(Officer, Officer.id == OfficerSession.officer_id)
        .where(
            OfficerSession.token_hash == _digest(token),
            OfficerSession.started_at > _earliest_start(now, config),
            OfficerSession.seen_at > now - timedelta(minutes=config.idle_minutes),
            Officer.retired_at.is_(None),
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def find_signed_in(
    session: Session, token: str, *, now: datetime, config: Config
) -> Officer | None:
    """Return the officer whose session a token opens, or None."""
    found = find_session(session, token, now=now, config=config)
    return found[1] if found else None


def wants_touch(signed_in: OfficerSession, *, now: datetime) -> bool:
    """Tell whether the last sign of life is old enough to be worth a write."""
    return signed_in.seen_at <= now - _TOUCH


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Note a sign of life; of several requests at once, one writes."""
    session.execute(
        update(OfficerSession)
        .where(OfficerSession.token_hash == _digest(token), OfficerSession.seen_at <= now - _TOUCH)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def sign_out(session: Session, token: str) -> None:
    """End the session of a token for good; an unknown one changes nothing."""
    session.execute(delete(OfficerSession).where(OfficerSession.token_hash == _digest(token)))


def end_sessions(session: Session, officer_id: str, *, but: str | None = None) -> None:
    """End every session of an officer, except the one of the token ``but``."""
    kept = _digest(but) if but else b""
    session.execute(
        delete(OfficerSession).where(
            OfficerSession.officer_id == officer_id, OfficerSession.token_hash != kept
        )
    )


def _earliest_start(now: datetime, config: Config) -> datetime:
    return now - timedelta(hours=config.absolute_hours)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
