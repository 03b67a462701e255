import threading
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain, make_area, make_chain
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.service import (
    AlreadyRetired,
    LastAdministrator,
    receivers,
    reset_password,
    retire_officer,
    sign_in,
)
from voting.config import Config
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def admin(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.district)


def test_receivers_work_in_the_same_area_or_above(session: Session, chain: Chain) -> None:
    leaving = make_officer(session, area=chain.community, name="离任")
    make_officer(session, area=chain.community, name="同事")
    make_officer(session, area=chain.district, name="区里")
    make_officer(session, area=chain.estate, name="下级")
    gone = make_officer(session, area=chain.community, name="早走了")
    gone.retired_at = leaving.created_at
    session.flush()
    assert sorted(officer.name for officer in receivers(session, leaving)) == ["区里", "同事"]


def test_a_retired_officer_keeps_no_session_and_never_signs_in_again(
    session: Session, chain: Chain, admin: Officer, now: datetime, config: Config
) -> None:
    officer = make_officer(session, area=chain.street, role="auditor")
    facts = {"sign_in_name": officer.sign_in_name, "password": PASSWORD}
    sign_in(session, now=now, config=config, **facts)
    retire_officer(session, now=now, actor=admin.actor, officer_id=officer.id, receiver_id=admin.id)
    session.expire_all()
    assert session.scalars(select(OfficerSession)).all() == []
    assert (officer.retired_at, officer.receiver_id) == (now, admin.id)
    assert not officer.is_active
    with pytest.raises(AlreadyRetired):
        retire_officer(session, now=now, actor=admin.actor, officer_id=officer.id, receiver_id=None)
    with pytest.raises(AlreadyRetired):
        reset_password(
            session, now=now, actor=admin.actor, officer_id=officer.id, password=PASSWORD
        )


def test_the_last_administrator_of_an_area_stays(
    session: Session, chain: Chain, admin: Officer, now: datetime
) -> None:
    make_officer(session, area=chain.street, name="街道管理员")
    with pytest.raises(LastAdministrator):
        retire_officer(session, now=now, actor=admin.actor, officer_id=admin.id, receiver_id=None)


def test_an_administrator_below_another_may_leave(
    session: Session, chain: Chain, admin: Officer, now: datetime
) -> None:
    below = make_officer(session, area=chain.street)
    retire_officer(session, now=now, actor=admin.actor, officer_id=below.id, receiver_id=None)
    session.refresh(below)
    assert below.retired_at == now


def test_two_administrators_who_retire_each_other_leave_one(
    any_database: str, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        area = make_area(session)
        pair = [make_officer(session, area=area), make_officer(session, area=area)]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def retire(actor: Officer, other: Officer) -> None:
        ready.wait(10)
        try:
            with database.transaction() as session:
                retire_officer(
                    session, now=now, actor=actor.actor, officer_id=other.id, receiver_id=None
                )
            outcomes.append("retired")
        except LastAdministrator:
            outcomes.append("last")

    threads = [
        threading.Thread(target=retire, args=people) for people in (pair, list(reversed(pair)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["last", "retired"]
    with database.reading() as session:
        left = session.scalars(select(Officer).where(Officer.retired_at.is_(None))).all()
        assert len(left) == 1


def test_of_two_who_retire_the_same_officer_one_is_told_so(
    any_database: str, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        officer = make_officer(session, role="auditor")
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def retire() -> None:
        ready.wait(10)
        try:
            with database.transaction() as session:
                retire_officer(
                    session, now=now, actor=COMMAND_LINE, officer_id=officer.id, receiver_id=None
                )
            outcomes.append("retired")
        except AlreadyRetired:
            outcomes.append("already")

    threads = [threading.Thread(target=retire) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["already", "retired"]
