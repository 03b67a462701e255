"""Officers, with a password that tests know, and browsers in which they are signed in."""

import hashlib
import secrets
from datetime import datetime
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.areas import NOW, make_area
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.service import hash_password
from voting.areas.models import Area
from voting.permissions import Role
from voting.persistence.base import new_id
from voting.persistence.session import Database

PASSWORD = "correct horse battery staple"


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD; working it out takes a while, so it is done once."""
    return hash_password(PASSWORD)


def make_officer(
    session: Session,
    *,
    area: Area | None = None,
    role: str = Role.ADMINISTRATOR,
    name: str = "王芳",
    sign_in_name: str | None = None,
    must_change_password: bool = False,
) -> Officer:
    """Make an officer who signs in with PASSWORD; without an area, in a district of their own."""
    officer = Officer(
        area=area or make_area(session),
        role=role,
        sign_in_name=sign_in_name or f"officer{new_id()[:8]}",
        name=name,
        password_hash=password_hash(),
        must_change_password=must_change_password,
        created_at=NOW,
    )
    session.add(officer)
    session.flush()
    return officer


def sit_down(
    client: FlaskClient, database: Database, officer: Officer, *, now: datetime = NOW
) -> str:
    """Sign an officer in without the door: give the browser a session's cookie. Returns the token."""
    token = sit_in(database, officer, now=now)
    client.set_cookie("desk", token)
    return token


def sit_in(database: Database, officer: Officer, *, now: datetime = NOW) -> str:
    """Begin a session of an officer and return its token, for a browser of whatever kind."""
    token = secrets.token_urlsafe(32)
    with database.transaction() as session:
        session.add(
            OfficerSession(
                token_hash=hashlib.sha256(token.encode()).digest(),
                officer_id=officer.id,
                started_at=now,
                seen_at=now,
            )
        )
    return token
