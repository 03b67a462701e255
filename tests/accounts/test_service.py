from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.accounts import PASSWORD, make_officer
from tests.factories.areas import Chain, make_area, make_chain
from voting.accounts.models import Officer, OfficerSession
from voting.accounts.rules import PasswordTooCommon, UnusableSignInName
from voting.accounts.service import (
    SignInNameTaken,
    UnknownRole,
    add_officer,
    fits,
    get_officer,
    officers_in,
    reset_password,
    sign_in,
    unlock,
)
from voting.areas.rules import UnusableName
from voting.config import Config
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


@pytest.fixture
def admin(session: Session, chain: Chain) -> Officer:
    return make_officer(session, area=chain.district)


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


def test_unlocking_who_is_not_locked_leaves_no_trace(
    session: Session, chain: Chain, admin: Officer, now: datetime
) -> None:
    officer = make_officer(session, area=chain.street)
    unlock(session, now=now, actor=admin.actor, officer_id=officer.id)
    assert session.scalars(select(JournalEntry)).all() == []


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
