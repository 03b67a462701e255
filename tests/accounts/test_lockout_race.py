"""Many tries at one account at once: no more passwords are compared than the lock allows."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.factories.accounts import make_officer
from voting.accounts.models import Officer
from voting.accounts.service import Claim, claim_try
from voting.config import Config
from voting.persistence.session import Database

NAME = "wangfang"
AT_ONCE = 24

Try = Callable[[], Claim]


@pytest.fixture
def officer(any_database: str, database: Database) -> Officer:
    with database.transaction() as session:
        return make_officer(session, sign_in_name=NAME)


def _at_once(attempt: Try) -> int:
    """Return how many of the tries, made together, may compare a password."""
    ready = threading.Barrier(AT_ONCE)
    allowed: list[bool] = []

    def once() -> None:
        ready.wait(30)
        allowed.append(attempt().password_hash is not None)

    threads = [threading.Thread(target=once) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(allowed) == AT_ONCE
    return sum(allowed)


def test_of_many_tries_at_once_five_compare_a_password(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    def attempt() -> Claim:
        with database.transaction() as session:
            return claim_try(session, now=now, config=config, sign_in_name=NAME)

    assert _at_once(attempt) == config.sign_in_tries
    with database.reading() as session:
        found = session.get_one(Officer, officer.id)
        assert found.failed_tries == config.sign_in_tries
        assert found.locked_until is not None


def test_without_the_conditional_update_more_would(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    together = threading.Barrier(AT_ONCE)

    def look(session: Session) -> Officer:
        return session.get_one(Officer, officer.id)

    def attempt() -> Claim:
        with database.reading() as session:
            seen = look(session)
        together.wait(30)
        if seen.locked_until is not None and seen.locked_until > now:
            return Claim()
        with database.transaction() as session:
            found = look(session)
            found.failed_tries = seen.failed_tries + 1
            found.locked_until = now if found.failed_tries >= config.sign_in_tries else None
        return Claim(officer.id, seen.password_hash)

    assert _at_once(attempt) > config.sign_in_tries
