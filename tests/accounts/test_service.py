import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain, make_area, make_chain
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.rules import PasswordTooCommon, UnusableSignInName
from voting.accounts.service import (
    AlreadyRetired,
    FirstFacts,
    GapInAreas,
    LastAdministrator,
    SamePassword,
    SignInNameTaken,
    UnknownRole,
    WrongPassword,
    add_officer,
    change_password,
    fits,
    get_officer,
    officers_in,
    receivers,
    reset_password,
    retire_officer,
    set_up,
    sign_in,
    unlock,
)
from voting.areas.models import Area, Installation
from voting.areas.rules import UnusableAddress, UnusableName
from voting.areas.service import AlreadySetUp
from voting.config import Config
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
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


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def admin(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.district)


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


def test_an_added_officer_must_change_the_password(
    session: Session, chain: Chain, admin: Officer, now: datetime
) -> None:
    officer = add_officer(
        session,
        now=now,
        actor=admin.actor,
        sign_in_name="Li.Wei",
        name="李伟",
        role="community_worker",
        area_id=chain.community.id,
        password="7KMP-3XWQ-9HFT",
    )
    assert officer.must_change_password
    assert fits(officer.password_hash, "7KMP-3XWQ-9HFT")
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.area_path) == ("accounts.add", chain.community.path)
    assert "7KMP" not in entry.details


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"sign_in_name": "taken"}, SignInNameTaken),
        ({"sign_in_name": "TAKEN "}, SignInNameTaken),
        ({"sign_in_name": ""}, UnusableSignInName),
        ({"name": "\n"}, UnusableName),
        ({"role": "mayor"}, UnknownRole),
        ({"area_id": "a" * 26}, NotFound),
        ({"password": "88888888"}, PasswordTooCommon),
    ],
)
def test_a_bad_officer_is_refused(
    session: Session,
    chain: Chain,
    now: datetime,
    changes: dict[str, str],
    refusal: type[Exception],
) -> None:
    make_officer(session, area=chain.district, sign_in_name="taken")
    facts = {
        "sign_in_name": "liwei",
        "name": "李伟",
        "role": "auditor",
        "area_id": chain.street.id,
        "password": PASSWORD,
    }
    with pytest.raises(refusal):
        add_officer(session, now=now, actor=COMMAND_LINE, **{**facts, **changes})  # type: ignore[arg-type]  # all are texts


def test_nobody_adds_an_officer_above_themselves(
    session: Session, chain: Chain, now: datetime
) -> None:
    below = make_officer(session, area=chain.community)
    with pytest.raises(NotFound):
        add_officer(
            session,
            now=now,
            actor=below.actor,
            sign_in_name="liwei",
            name="李伟",
            role="administrator",
            area_id=chain.street.id,
            password=PASSWORD,
        )


def test_the_list_holds_the_own_area_and_below(session: Session, chain: Chain) -> None:
    make_officer(session, area=chain.district, name="区里的")
    make_officer(session, area=chain.community, name="社区的")
    make_officer(session, area=make_area(session, parent=chain.district), name="别处的")
    found = officers_in(session, chain.street)
    assert [officer.name for officer in found.officers] == ["社区的"]
    assert officers_in(session, chain.district).total == 3


def test_the_list_has_pages_of_fifty(session: Session, chain: Chain) -> None:
    for number in range(51):
        make_officer(session, area=chain.street, name=f"李{number:02}")
    first, last = officers_in(session, chain.street), officers_in(session, chain.street, page=99)
    assert (len(first.officers), first.pages) == (50, 2)
    assert ([officer.name for officer in last.officers], last.page) == (["李50"], 2)
    assert officers_in(session, chain.street, page=-1).page == 1


@pytest.mark.parametrize(
    ("search", "total"), [("芳", 1), ("WANG", 1), ("%", 0), ("_", 0), ("\x00", 1), ("x" * 99, 0)]
)
def test_the_search_takes_every_letter_as_it_is(
    session: Session, chain: Chain, search: str, total: int
) -> None:
    make_officer(session, area=chain.street, name="王芳", sign_in_name="wangfang")
    assert officers_in(session, chain.street, search=search).total == total


def test_a_reset_password_ends_every_session_and_every_lock(
    session: Session, chain: Chain, admin: Officer, now: datetime, config: Config
) -> None:
    officer = make_officer(session, area=chain.street, sign_in_name="liwei")
    sign_in(session, now=now, config=config, sign_in_name="liwei", password=PASSWORD)
    officer.failed_tries, officer.locked_until = 5, now + timedelta(minutes=5)
    reset_password(
        session, now=now, actor=admin.actor, officer_id=officer.id, password="7KMP-3XWQ-9HFT"
    )
    assert session.scalars(select(OfficerSession)).all() == []
    session.refresh(officer)
    assert (officer.must_change_password, officer.failed_tries) == (True, 0)
    assert fits(officer.password_hash, "7KMP-3XWQ-9HFT")


def test_an_unlocked_officer_may_sign_in_at_once(
    session: Session, chain: Chain, admin: Officer, now: datetime, config: Config
) -> None:
    officer = make_officer(session, area=chain.street, sign_in_name="liwei")
    officer.failed_tries, officer.locked_until = 5, now + timedelta(minutes=5)
    session.flush()
    unlock(session, now=now, actor=admin.actor, officer_id=officer.id)
    assert sign_in(session, now=now, config=config, sign_in_name="liwei", password=PASSWORD)


def test_nobody_resets_or_unlocks_in_another_area(
    session: Session, chain: Chain, now: datetime
) -> None:
    below = make_officer(session, area=chain.community)
    above = make_officer(session, area=chain.street)
    with pytest.raises(NotFound):
        reset_password(
            session, now=now, actor=below.actor, officer_id=above.id, password=PASSWORD + "!"
        )
    with pytest.raises(NotFound):
        unlock(session, now=now, actor=below.actor, officer_id=above.id)
    with pytest.raises(NotFound):
        get_officer(session, above.id, within=chain.community)
    with pytest.raises(NotFound):
        get_officer(session, "\x00")


def test_a_changed_password_ends_the_other_sessions(
    session: Session, admin: Officer, now: datetime, config: Config
) -> None:
    facts = {"now": now, "config": config}
    mine, other = (
        sign_in(session, **facts, sign_in_name=admin.sign_in_name, password=PASSWORD)  # type: ignore[arg-type]  # mixed
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
