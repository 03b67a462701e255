"""The door: tries, locks and sessions, as the services keep them."""

import hashlib
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD, make_officer
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.service import (
    SignInFailed,
    admit,
    claim_try,
    find_session,
    find_signed_in,
    sign_in,
    sign_out,
    touch,
    wants_touch,
)
from voting.config import Config
from voting.journal.models import JournalEntry
from voting.persistence.session import Database

NAME = "wangfang"


@pytest.fixture
def officer(database: Database) -> Officer:
    with database.transaction() as session:
        return make_officer(session, sign_in_name=NAME)


def _try(
    database: Database, config: Config, now: datetime, password: str = PASSWORD, name: str = NAME
) -> str | None:
    try:
        with database.transaction() as session:
            return sign_in(session, now=now, config=config, sign_in_name=name, password=password)
    except SignInFailed:
        return None


def _acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)))


def test_the_token_is_random_and_only_its_hash_is_kept(
    session: Session, now: datetime, config: Config
) -> None:
    make_officer(session, sign_in_name=NAME)
    tokens = [
        sign_in(session, now=now, config=config, sign_in_name=NAME, password=PASSWORD)
        for _ in range(2)
    ]
    assert tokens[0] != tokens[1]
    assert min(map(len, tokens)) >= 43
    kept = set(session.scalars(select(OfficerSession.token_hash)))
    assert kept == {hashlib.sha256(token.encode()).digest() for token in tokens}


@pytest.mark.parametrize("name", ["WANGFANG", " wangfang ", "ｗａｎｇｆａｎｇ"])
def test_a_name_may_be_typed_carelessly(
    database: Database, officer: Officer, config: Config, now: datetime, name: str
) -> None:
    assert _try(database, config, now, name=name)


@pytest.mark.parametrize("name", ["", "nobody", "wang\x00fang", "wang%", "' OR 1=1 --", "x" * 5000])
def test_an_unknown_name_gets_the_answer_of_a_wrong_password(
    database: Database, officer: Officer, config: Config, now: datetime, name: str
) -> None:
    sentences = []
    for typed, password in ((name, PASSWORD), (NAME, "wrong password")):
        with pytest.raises(SignInFailed) as raised, database.transaction() as session:
            sign_in(session, now=now, config=config, sign_in_name=typed, password=password)
        sentences.append(str(raised.value))
    assert sentences[0] == sentences[1]


def test_a_retired_officer_looks_like_nobody(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    with database.transaction() as session:
        session.get_one(Officer, officer.id).retired_at = now
    assert _try(database, config, now) is None
    with database.reading() as session:
        assert session.get_one(Officer, officer.id).failed_tries == 0


def test_the_fifth_wrong_password_locks_for_a_quarter_of_an_hour(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    for _ in range(5):
        assert _try(database, config, now, "wrong password") is None
    assert _try(database, config, now) is None
    assert _try(database, config, now + timedelta(minutes=14, seconds=59)) is None
    assert _try(database, config, now + timedelta(minutes=15))
    assert _acts(database) == ["accounts.lock", "accounts.sign_in"]


def test_tries_while_locked_do_not_prolong_the_lock(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    for minute in range(15):
        _try(database, config, now + timedelta(minutes=minute), "wrong password")
    # The first five, in as many minutes, locked until the nineteenth.
    assert _try(database, config, now + timedelta(minutes=18)) is None
    assert _try(database, config, now + timedelta(minutes=19))


def test_after_a_lock_the_tries_begin_anew(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    for _ in range(5):
        _try(database, config, now, "wrong password")
    later = now + timedelta(minutes=15)
    for _ in range(4):
        assert _try(database, config, later, "wrong password") is None
    assert _try(database, config, later)


def test_the_fifth_try_still_counts_when_it_is_right(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    for _ in range(4):
        _try(database, config, now, "wrong password")
    assert _try(database, config, now)
    with database.reading() as session:
        found = session.get_one(Officer, officer.id)
        assert (found.failed_tries, found.locked_until) == (0, None)


def test_a_password_changed_in_between_admits_nobody(
    session: Session, now: datetime, config: Config
) -> None:
    officer = make_officer(session, sign_in_name=NAME)
    claim = claim_try(session, now=now, config=config, sign_in_name=NAME).fits(PASSWORD)
    assert claim is not None
    officer.password_hash = "another"
    session.flush()
    with pytest.raises(SignInFailed):
        admit(session, now=now, config=config, claim=claim)


def test_an_outdated_hash_is_renewed_at_the_door(
    session: Session, now: datetime, config: Config
) -> None:
    officer = make_officer(session, sign_in_name=NAME)
    officer.password_hash = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("abcd")
    session.flush()
    sign_in(session, now=now, config=config, sign_in_name=NAME, password="abcd")
    assert "m=32768,t=3,p=1" in officer.password_hash
    sign_in(session, now=now, config=config, sign_in_name=NAME, password="abcd")


@pytest.mark.parametrize(
    ("passed", "signed_in"),
    [
        (timedelta(minutes=29, seconds=59), True),
        (timedelta(minutes=30), False),
        (timedelta(hours=12), False),
    ],
)
def test_an_idle_session_expires(
    database: Database,
    officer: Officer,
    config: Config,
    now: datetime,
    passed: timedelta,
    signed_in: bool,
) -> None:
    token = _try(database, config, now) or ""
    with database.reading() as session:
        found = find_signed_in(session, token, now=now + passed, config=config)
        assert (found is not None) is signed_in


def test_a_busy_session_ends_after_twelve_hours(
    database: Database, officer: Officer, config: Config, now: datetime
) -> None:
    token = _try(database, config, now) or ""
    for minutes in range(20, 12 * 60, 20):
        moment = now + timedelta(minutes=minutes)
        with database.transaction() as session:
            assert find_signed_in(session, token, now=moment, config=config)
            touch(session, token, now=moment)
    with database.reading() as session:
        late = now + timedelta(hours=12)
        assert find_signed_in(session, token, now=late, config=config) is None


def test_signs_of_life_are_written_once_a_minute(
    session: Session, now: datetime, config: Config
) -> None:
    make_officer(session, sign_in_name=NAME)
    token = sign_in(session, now=now, config=config, sign_in_name=NAME, password=PASSWORD)
    found = find_session(session, token, now=now, config=config)
    assert found is not None
    assert not wants_touch(found[0], now=now + timedelta(seconds=59))
    assert wants_touch(found[0], now=now + timedelta(seconds=60))
    touch(session, token, now=now + timedelta(seconds=59))
    session.refresh(found[0])
    assert found[0].seen_at == now
    touch(session, token, now=now + timedelta(seconds=60))
    session.refresh(found[0])
    assert found[0].seen_at == now + timedelta(seconds=60)


def test_a_session_that_was_signed_out_is_gone(
    session: Session, now: datetime, config: Config
) -> None:
    make_officer(session, sign_in_name=NAME)
    token = sign_in(session, now=now, config=config, sign_in_name=NAME, password=PASSWORD)
    sign_out(session, "another token")
    assert find_signed_in(session, token, now=now, config=config)
    sign_out(session, token)
    assert find_signed_in(session, token, now=now, config=config) is None


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "a" * 10_000])
def test_a_token_nobody_gave_out_opens_nothing(
    session: Session, now: datetime, config: Config, token: str
) -> None:
    assert find_signed_in(session, token, now=now, config=config) is None


def test_sessions_that_are_over_are_cleared_away_at_the_next_sign_in(
    session: Session, now: datetime, config: Config
) -> None:
    make_officer(session, sign_in_name=NAME)
    for hours in (0, 6, 13):
        later = now + timedelta(hours=hours)
        sign_in(session, now=later, config=config, sign_in_name=NAME, password=PASSWORD)
    assert len(session.scalars(select(OfficerSession)).all()) == 2
