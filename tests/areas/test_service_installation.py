import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.areas import Chain, make_chain, make_installation
from voting.areas.models import Installation
from voting.areas.service import (
    AlreadySetUp,
    find_installation,
    get_installation,
    install,
    is_address_fixed,
    is_scan_code,
    public_url,
    record_scan,
    scanned,
    set_public_url,
)
from voting.config import Config
from voting.errors import NotAllowed, NotFound
from voting.journal.rules import COMMAND_LINE, Actor
from voting.persistence.session import Database


@pytest.fixture
def chain(session: Session) -> Chain:
    return make_chain(session)


def _actor(path: str) -> Actor:
    return Actor(id="a" * 26, name="王芳", area_path=path)


def test_there_is_one_installation(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        get_installation(session)
    install(session, now=now, name="西湖区", public_url="https://vote.example.cn")
    with pytest.raises(AlreadySetUp):
        install(session, now=now, name="东湖区", public_url="https://vote.example.cn")


def test_of_two_installations_at_once_one_wins(
    any_database: str, database: Database, now: datetime
) -> None:
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def install_once(name: str) -> None:
        ready.wait(10)
        try:
            with database.transaction() as session:
                install(session, now=now, name=name, public_url="https://vote.example.cn")
            outcomes.append("won")
        except AlreadySetUp:
            outcomes.append("lost")

    threads = [threading.Thread(target=install_once, args=(name,)) for name in ("西湖区", "东湖区")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["lost", "won"]
    with database.reading() as session:
        assert len(session.scalars(select(Installation)).all()) == 1


def test_a_changed_address_must_be_scanned_again(
    session: Session, chain: Chain, now: datetime, config: Config
) -> None:
    made = make_installation(session)
    code = made.scan_code or ""
    assert scanned(made, config)
    set_public_url(session, now=now, actor=COMMAND_LINE, url="https://new.example.cn")
    assert not scanned(made, config)
    assert not is_scan_code(made, code)
    record_scan(session, now=now, code=made.scan_code or "")
    assert scanned(made, config)
    assert made.scanned_at == now


def test_the_same_address_again_stays_scanned(
    session: Session, chain: Chain, now: datetime, config: Config
) -> None:
    made = make_installation(session)
    set_public_url(session, now=now, actor=COMMAND_LINE, url="https://vote.example.cn/")
    assert scanned(made, config)


def test_a_second_scan_keeps_the_time_of_the_first(session: Session, now: datetime) -> None:
    made = make_installation(session, scanned=False)
    record_scan(session, now=now, code=made.scan_code or "")
    record_scan(session, now=now + timedelta(days=1), code=made.scan_code or "")
    assert made.scanned_at == now


@pytest.mark.parametrize("code", ["", "x", "0123456789abcdeg", "码"])
def test_another_code_is_no_scan(session: Session, now: datetime, code: str) -> None:
    made = make_installation(session, scanned=False)
    with pytest.raises(NotFound):
        record_scan(session, now=now, code=code)
    assert made.scanned_url is None


def test_before_the_set_up_there_is_nothing_to_scan(session: Session, now: datetime) -> None:
    assert find_installation(session) is None
    assert not is_scan_code(None, "")
    with pytest.raises(NotFound):
        record_scan(session, now=now, code="x")


def test_who_runs_a_part_does_not_move_the_whole(
    session: Session, chain: Chain, now: datetime
) -> None:
    make_installation(session)
    with pytest.raises(NotAllowed):
        set_public_url(
            session, now=now, actor=_actor(chain.street.path), url="https://evil.example.cn"
        )


def test_the_operators_address_comes_first(session: Session, environ: dict[str, str]) -> None:
    made = make_installation(session)
    default = Config.from_environ(environ)
    fixed = Config.from_environ({**environ, "VOTING_PUBLIC_URL": "https://fixed.example.cn"})
    assert public_url(None, default) == "http://127.0.0.1:8000"
    assert public_url(made, default) == "https://vote.example.cn"
    assert public_url(made, fixed) == "https://fixed.example.cn"
    assert is_address_fixed(fixed)
    assert not is_address_fixed(default)
    assert scanned(made, default)
    assert not scanned(made, fixed)
    assert not scanned(None, default)
