import threading
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from voting.journal.models import JournalEntry
from voting.journal.rules import GENESIS, Actor
from voting.journal.service import first_broken, record
from voting.persistence import triggers
from voting.persistence.session import Database

ACTOR = Actor(id="a" * 26, name="王芳", area_path="a/")


def _record(database: Database, now: datetime, count: int = 3) -> None:
    with database.transaction() as session:
        for number in range(count):
            record(session, ACTOR, "round.create", now=now, kind="round", id="r", number=number)


def _entries(database: Database) -> list[JournalEntry]:
    with database.reading() as session:
        return list(session.scalars(select(JournalEntry).order_by(JournalEntry.idx)))


def test_each_entry_is_chained_to_the_one_before(
    any_database: str, database: Database, now: datetime
) -> None:
    _record(database, now)
    entries = _entries(database)
    assert [entry.idx for entry in entries] == [0, 1, 2]
    assert entries[0].prev_hash == GENESIS
    assert [entry.prev_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert first_broken(entries) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET act = 'x' WHERE idx = 1",
        "UPDATE journal_entry SET actor_name = actor_name",
        "DELETE FROM journal_entry WHERE idx = 2",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(
    any_database: str, database: Database, now: datetime, statement: str
) -> None:
    _record(database, now)
    with (
        pytest.raises(DatabaseError, match="the journal is append-only"),
        database.transaction() as session,
    ):
        session.execute(text(statement))
    assert len(_entries(database)) == 3


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE journal_entry SET act = 'x' WHERE idx = 1", 1),
        ("UPDATE journal_entry SET details = '{}' WHERE idx = 0", 0),
        ("UPDATE journal_entry SET actor_id = 'b' WHERE idx = 2", 2),
        ("DELETE FROM journal_entry WHERE idx = 1", 1),
        ("DELETE FROM journal_entry WHERE idx = 0", 0),
    ],
)
def test_who_removes_the_guards_still_breaks_the_chain(
    any_database: str, database: Database, now: datetime, statement: str, broken: int
) -> None:
    _record(database, now)
    guards = [guard for guard in triggers.GUARDS if guard.table == "journal_entry"]
    with database.transaction() as session:
        triggers.drop(session.connection(), guards)
        session.execute(text(statement))
    assert first_broken(_entries(database)) == broken


def test_acts_recorded_at_once_make_one_chain(
    any_database: str, database: Database, now: datetime
) -> None:
    threads = [threading.Thread(target=_record, args=(database, now, 5)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    entries = _entries(database)
    assert [entry.idx for entry in entries] == list(range(40))
    assert first_broken(entries) is None


def test_an_act_that_was_rolled_back_leaves_no_gap(database: Database, now: datetime) -> None:
    def fail() -> None:
        with database.transaction() as session:
            record(session, ACTOR, "round.create", now=now, kind="round", id="r")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    _record(database, now, 1)
    assert [entry.idx for entry in _entries(database)] == [0]
