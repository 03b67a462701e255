"""One form posted many times at once; each test runs on both databases."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from tests.factories.sending import decide, make_collecting_round, make_sent, sent_facts
from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.persistence.session import Database
from voting.proposals.models import Appeal, Proposal
from voting.proposals.service import following, sending
from voting.proposals.service.following import lodge_appeal
from voting.proposals.service.sending import send_proposal
from voting.rounds.service import get_round

POSTS = 50
TWINS = 5
Act = Callable[[Session], str]


@pytest.fixture
def stage(any_database: str, database: Database, tmp_path: Path) -> tuple[Keyring, str]:
    """Keys, and a round that takes proposals."""
    with database.transaction() as session:
        return Keyring(tmp_path / "secrets"), make_collecting_round(session).id


def at_once(database: Database, acts: list[Act]) -> list[str]:
    """Let every act run in a transaction of its own, all starting together; return what came of each."""
    start = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Refusal as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def posting(keys: Keyring, round_id: str, **changes: object) -> Act:
    def post(session: Session) -> str:
        return send_proposal(
            session,
            now=NOW,
            keys=keys,
            round_id=round_id,
            facts=sent_facts(**changes),
            sending_key="one form",
            photos=["a" * 64],
        ).code

    return post


def proposals(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Proposal)) or 0


def test_a_form_posted_fifty_times_at_once_is_one_proposal(
    stage: tuple[Keyring, str], database: Database
) -> None:
    keys, round_id = stage
    codes = at_once(database, [posting(keys, round_id)] * POSTS)
    assert len(set(codes)) == 1
    assert proposals(database) == 1


def test_the_unique_key_decides_even_if_nobody_waits_or_looks(
    stage: tuple[Keyring, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, round_id = stage
    look = sending._sent_before
    own = threading.local()

    def blind(*args: object) -> Proposal | None:
        own.looks = getattr(own, "looks", 0) + 1
        return None if own.looks == 1 else look(*args)  # type: ignore[arg-type]  # passed on as they come

    monkeypatch.setattr(sending, "hold_round", get_round)
    monkeypatch.setattr(sending, "_sent_before", blind)
    codes = at_once(database, [posting(keys, round_id)] * TWINS)
    assert len(set(codes)) == 1
    assert proposals(database) == 1


def test_the_race_is_seen_when_a_form_has_no_key(
    stage: tuple[Keyring, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: where a form does not name its sending, five posts are five proposals."""
    keys, round_id = stage
    monkeypatch.setattr(sending, "_sending_of", lambda *_args: secrets.token_hex(16))
    at_once(database, [posting(keys, round_id)] * TWINS)
    assert proposals(database) == TWINS


def test_of_many_sent_at_once_from_one_telephone_ten_are_taken(
    stage: tuple[Keyring, str], database: Database
) -> None:
    keys, round_id = stage
    came = at_once(database, [posting(keys, round_id, title=f"第{n}件事") for n in range(20)])
    assert came.count("TooManyFromPhone") == 10
    assert proposals(database) == 10


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_more_than_ten_get_in_when_nobody_waits(
    stage: tuple[Keyring, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin on the database whose writers do not queue: counting without the lock counts too few."""
    keys, round_id = stage
    monkeypatch.setattr(sending, "hold_round", get_round)
    monkeypatch.setattr(sending, "MOST_FROM_PHONE", 1)
    counted = threading.Barrier(TWINS, timeout=20)
    count = sending._check_flood

    def slow(*args: object) -> None:
        count(*args)  # type: ignore[arg-type]  # passed on as they come
        counted.wait()

    monkeypatch.setattr(sending, "_check_flood", slow)
    at_once(database, [posting(keys, round_id, title=f"第{n}件事") for n in range(TWINS)])
    assert proposals(database) == TWINS


def appealing(keys: Keyring, code: str) -> Act:
    def appeal(session: Session) -> str:
        lodge_appeal(session, now=NOW, keys=keys, code=code, words="请再看一看")
        return "lodged"

    return appeal


@pytest.fixture
def refused(stage: tuple[Keyring, str], database: Database) -> tuple[Keyring, str]:
    """Keys, and the code of a proposal that was refused today."""
    keys, round_id = stage
    with database.transaction() as session:
        sent = make_sent(session, keys, get_round(session, round_id))
        decide(session, sent.proposal, "refused")
        return keys, sent.code


def test_one_appeal_however_often_it_is_sent(
    refused: tuple[Keyring, str], database: Database
) -> None:
    came = at_once(database, [appealing(*refused)] * 20)
    assert sorted(came) == ["AlreadyAppealed"] * 19 + ["lodged"]


def test_the_primary_key_decides_even_if_nobody_waits(
    refused: tuple[Keyring, str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_held", following._found)
    came = at_once(database, [appealing(*refused)] * TWINS)
    assert sorted(came) == ["AlreadyAppealed"] * (TWINS - 1) + ["lodged"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Appeal)) == 1
