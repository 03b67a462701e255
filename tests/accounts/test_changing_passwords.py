from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain, make_chain
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.rules import PasswordTooCommon
from voting.accounts.service import (
    SamePassword,
    WrongPassword,
    change_password,
    fits,
    get_officer,
    sign_in,
)
from voting.config import Config
from voting.persistence.session import Database


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def admin(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.district)


def test_a_changed_password_ends_the_other_sessions(
    session: Session, admin: Officer, now: datetime, config: Config
) -> None:
    facts = {"now": now, "config": config}
    mine, other = (
        sign_in(session, **facts, sign_in_name=admin.sign_in_name, password=PASSWORD)  # type: ignore[arg-type]  # facts of several types
        for _ in range(2)
    )
    change_password(
        session,
        now=now,
        config=config,
        officer_id=admin.id,
        current=PASSWORD,
        password="南烟小区的老樟树",
        token=mine,
    )
    assert mine != other
    assert len(session.scalars(select(OfficerSession)).all()) == 1
    assert fits(admin.password_hash, "南烟小区的老樟树")
    assert admin.failed_tries == 0


@pytest.mark.parametrize(
    ("current", "password", "refusal"),
    [
        ("wrong", "南烟小区的老樟树", WrongPassword),
        (PASSWORD, PASSWORD, SamePassword),
        (PASSWORD, "12345678", PasswordTooCommon),
        ("wrong", "12345678", WrongPassword),
    ],
)
def test_a_bad_change_of_password_is_refused(
    session: Session,
    admin: Officer,
    now: datetime,
    config: Config,
    current: str,
    password: str,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        change_password(
            session,
            now=now,
            config=config,
            officer_id=admin.id,
            current=current,
            password=password,
        )


def test_guessing_the_present_password_locks_like_guessing_at_the_door(
    database: Database, now: datetime, config: Config
) -> None:
    with database.transaction() as session:
        officer = make_officer(session)
    for _ in range(5):
        with pytest.raises(WrongPassword), database.transaction() as session:
            change_password(
                session,
                now=now,
                config=config,
                officer_id=officer.id,
                current="wrong",
                password="南烟小区的老樟树",
            )
    with database.reading() as session:
        assert get_officer(session, officer.id).locked_until == now + timedelta(minutes=15)
