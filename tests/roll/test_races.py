"""The same people from many sides at the same moment; each test has a twin without the guard."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Column, Insert, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, make_elector, make_round, person, rows, sheet
from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import COMMAND_LINE
from voting.persistence.session import Database
from voting.roll.models import Channel, Elector, Participation
from voting.roll.rules.papers import Paper
from voting.roll.service import (
    PersonFacts,
    enter_person,
    import_roll,
    mark_participation,
)
from voting.roll.service import participation as participation_of

CONTENDERS, FEW = 20, 5
PEOPLE = [person(index) for index in range(12)]

Act = Callable[[Session], str]


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


def at_once(database: Database, act: Act, contenders: int = CONTENDERS) -> Counter[str]:
    start = threading.Barrier(contenders)

    def run(_turn: int) -> str:
        start.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except Refusal as refusal:
            return type(refusal).__name__
        except IntegrityError:
            return "IntegrityError"

    with ThreadPoolExecutor(contenders) as pool:
        return Counter(pool.map(run, range(contenders)))


def round_of(database: Database) -> str:
    with database.transaction() as session:
        return make_round(session).id


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Elector)) or 0


@pytest.mark.usefixtures("any_database")
def test_of_many_who_send_the_same_file_each_person_is_listed_once(
    database: Database, keys: Keyring
) -> None:
    round_id = round_of(database)

    def send(session: Session) -> str:
        report = import_roll(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round_id,
            rows=list(rows(sheet(PEOPLE))),
        )
        return f"{report.accepted} new, {report.duplicates} known"

    seen = at_once(database, send)
    assert seen == {"12 new, 0 known": 1, "0 new, 12 known": CONTENDERS - 1}
    assert count(database) == len(PEOPLE)


@pytest.mark.usefixtures("any_database")
def test_of_many_who_enter_the_same_person_one_does(database: Database, keys: Keyring) -> None:
    round_id = round_of(database)
    born = date(1980, 5, 17)
    facts = PersonFacts("王一", "居住", "3栋502", "", paper=Paper.PASSPORT, born=born)

    def enter(session: Session) -> str:
        enter_person(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round_id,
            facts=facts,
        )
        return "entered"

    assert at_once(database, enter) == {"entered": 1, "AlreadyListed": CONTENDERS - 1}
    assert count(database) == 1


def using(database: Database) -> Act:
    with database.transaction() as session:
        elector = make_elector(session, make_round(session, frozen=True).id)

    def use(session: Session) -> str:
        mark_participation(
            session,
            round_id=elector.round_id,
            elector_id=elector.elector_id,
            channel=Channel.CARD_HANDED,
            day=NOW.date(),
        )
        return "used"

    return use


@pytest.mark.usefixtures("any_database")
def test_of_many_who_use_one_right_one_does(database: Database) -> None:
    assert at_once(database, using(database)) == {"used": 1, "RightAlreadyUsed": CONTENDERS - 1}


@pytest.mark.usefixtures("any_database")
def test_without_passing_over_what_is_there_the_others_would_fall(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plainly(_session: Session, unique: Column[str]) -> Insert:
        return insert(unique.table).returning(unique)

    monkeypatch.setattr(participation_of, "insert_new", plainly)
    assert at_once(database, using(database), FEW) == {"used": 1, "IntegrityError": FEW - 1}


def test_a_right_of_nobody_is_not_called_used(database: Database) -> None:
    round_id = round_of(database)
    with pytest.raises(IntegrityError), database.transaction() as session:
        mark_participation(
            session,
            round_id=round_id,
            elector_id="nobody",
            channel=Channel.CARD_HANDED,
            day=NOW.date(),
        )
    with database.reading() as session:
        assert session.scalar(select(Participation)) is None
