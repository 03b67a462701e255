import threading
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD
from voting.accounts.models import Officer
from voting.accounts.rules import PasswordTooCommon, UnusableSignInName
from voting.accounts.service import (
    FirstFacts,
    GapInAreas,
    set_up,
)
from voting.areas.models import Area, Installation
from voting.areas.rules import UnusableAddress, UnusableName
from voting.areas.service import AlreadySetUp
from voting.permissions import Role
from voting.persistence.session import Database

FACTS = FirstFacts(
    district="西湖区",
    street="南站街道",
    community="站南巷社区",
    estate="南烟小区",
    help_number="0791-86543210",
    public_url="https://vote.example.cn",
    name="王芳",
    sign_in_name="WangFang",
    password=PASSWORD,
)


def _facts(**changes: str) -> FirstFacts:
    return FirstFacts(**{**vars(FACTS), **changes})


def test_the_first_set_up_makes_everything(session: Session, now: datetime) -> None:
    officer = set_up(session, now=now, facts=FACTS)
    assert (officer.role, officer.sign_in_name) == (Role.ADMINISTRATOR, "wangfang")
    assert officer.area.name == "西湖区"
    assert not officer.must_change_password
    names = session.scalars(select(Area.name).order_by(Area.path)).all()
    assert sorted(names) == sorted(["西湖区", "南站街道", "站南巷社区", "南烟小区"])
    estate = session.scalars(select(Area).where(Area.level == "estate")).one()
    assert estate.path.count("/") == 4
    assert session.get_one(Installation, 1).name == "西湖区"


def test_a_set_up_may_begin_with_the_district_alone(session: Session, now: datetime) -> None:
    set_up(session, now=now, facts=_facts(street="", community=" ", estate=""))
    assert [area.name for area in session.scalars(select(Area))] == ["西湖区"]


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"street": ""}, GapInAreas, "street"),
        ({"community": ""}, GapInAreas, "community"),
        ({"district": " "}, UnusableName, "district"),
        ({"estate": "a\x00"}, UnusableName, "estate"),
        ({"public_url": "vote"}, UnusableAddress, "public_url"),
        ({"name": ""}, UnusableName, "name"),
        ({"sign_in_name": "a b"}, UnusableSignInName, "sign_in_name"),
        ({"password": "12345678"}, PasswordTooCommon, "password"),
    ],
)
def test_a_bad_set_up_names_the_field(
    session: Session,
    now: datetime,
    changes: dict[str, str],
    refusal: type[Exception],
    field: str,
) -> None:
    with pytest.raises(refusal) as raised:
        set_up(session, now=now, facts=_facts(**changes))
    assert getattr(raised.value, "field", None) == field


def test_a_failed_set_up_leaves_nothing(database: Database, now: datetime) -> None:
    with pytest.raises(PasswordTooCommon), database.transaction() as session:
        set_up(session, now=now, facts=_facts(password="12345678"))
    with database.reading() as session:
        assert session.scalars(select(Area)).all() == []
        assert session.get(Installation, 1) is None


def test_of_two_set_ups_at_once_one_wins(
    any_database: str, database: Database, now: datetime
) -> None:
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def begin(name: str) -> None:
        ready.wait(10)
        try:
            with database.transaction() as session:
                set_up(session, now=now, facts=_facts(sign_in_name=name))
            outcomes.append("won")
        except AlreadySetUp:
            outcomes.append("lost")

    threads = [threading.Thread(target=begin, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["lost", "won"]
    with database.reading() as session:
        assert len(session.scalars(select(Officer)).all()) == 1
        assert len(session.scalars(select(Area).where(Area.parent_id.is_(None))).all()) == 1
