"""R13: two writers of checkpoints at the same moment make one chain; without the guards they break it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.factories.ballots import NOW, keyring, make_open_round
from tests.factories.tally import fill
from voting.errors import Refusal
from voting.ledger.models import Checkpoint, Ledger, LedgerEntry
from voting.ledger.rules.tree import Frontier, Tree, is_consistent, leaf_hash
from voting.ledger.service import (
    Prefix,
    appending,
    count_entries,
    leaves_of,
    make_checkpoint,
    note_for_ledger,
    prefix_of,
)
from voting.ledger.service.pulling import waiting_ballots
from voting.rounds.models import Round

ROUNDS = 20
WRITERS = 2
BALLOTS = 25


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


@pytest.fixture
def round_id(database, keys, any_database):
    with database.transaction() as session:
        return make_open_round(session, keys).id


def feed(database, round_id, number):
    """Leave something to append: ballots, and a note."""
    with database.transaction() as session:
        fill(session, round_id, [(1 + number % 6,)] * BALLOTS)
        note_for_ledger(session, now=NOW, round_id=round_id, kind="calls", drawn=number)


def write_at_once(database, keys, round_id, writers=WRITERS):
    """Let writers begin together, each having hashed the past before; return what came of each."""
    start = threading.Barrier(writers)

    def write(_number):
        with database.reading() as session:
            prefix = prefix_of(session, round_id)
        start.wait()
        try:
            with database.transaction() as session:
                made = make_checkpoint(
                    session, now=NOW, keys=keys, round_id=round_id, prefix=prefix
                )
                return made.size
        except (Refusal, DBAPIError) as odd:
            return type(odd).__name__

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(write, range(writers)))


def faults(database, round_id) -> list[str]:
    """Return everything that is wrong with a ledger and its heads."""
    with database.reading() as session:
        entries = session.execute(
            select(LedgerEntry.idx, LedgerEntry.kind, LedgerEntry.body).order_by(LedgerEntry.idx)
        ).all()
        heads = session.execute(
            select(Checkpoint.size, Checkpoint.root).order_by(Checkpoint.size)
        ).all()
        in_urn = session.execute(text("SELECT count(*) FROM urn")).scalar_one()
        marked = session.execute(text("SELECT count(batch_no) FROM urn")).scalar_one()
    found = []
    if [row.idx for row in entries] != list(range(len(entries))):
        found.append("a gap or a doubled number")
    slots = [json.loads(row.body)["slot"] for row in entries if row.kind == "ballot"]
    if len(slots) != len(set(slots)):
        found.append("a ballot twice")
    if not in_urn == marked == len(set(slots)):
        found.append("a ballot left out")
    tree = Tree(leaf_hash(row.body.encode()) for row in entries)
    if [head.root for head in heads] != [tree.root(min(head.size, tree.size)) for head in heads]:
        found.append("a head over something else")
    for before, after in pairwise(heads):
        if before.size >= after.size:
            found.append("two heads of one size")
            continue
        proof = tree.consistency(before.size, min(after.size, tree.size))
        if not is_consistent(before.size, after.size, before.root, after.root, proof):
            found.append("a head that is no beginning of the next")
    return found


def race(database, keys, round_id, *, rounds, writers=WRITERS):
    """Feed and write, round after round; return what came of each writer."""
    came = []
    for number in range(rounds):
        feed(database, round_id, number)
        came.append(write_at_once(database, keys, round_id, writers))
    return came


def check(database, keys, round_id, *, rounds, writers=WRITERS):
    came = race(database, keys, round_id, rounds=rounds, writers=writers)
    assert all(len(set(sizes)) == 1 for sizes in came)
    assert [sizes[0] for sizes in came] == [1 + (BALLOTS + 1) * (n + 1) for n in range(rounds)]
    assert faults(database, round_id) == []


def test_two_writers_at_once_make_one_chain(database, keys, round_id):
    check(database, keys, round_id, rounds=ROUNDS)


@pytest.mark.soak
def test_four_writers_at_once_make_one_chain_two_hundred_times(
    database, keys, round_id, record_property, scaled
):
    rounds = scaled(200)
    check(database, keys, round_id, rounds=rounds, writers=4)
    record_property("rounds", rounds)
    record_property("writers", 4)
    record_property("faults", 0)


def without_guards(database):
    """Take away what keeps entries apart in the database; the copies have neither key nor trigger."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.transaction() as session:
        for table in ("ledger_entry", "checkpoint"):
            guards = ("no_update", "no_delete")
            for name in guards:
                on = "" if is_sqlite else f" ON {table}"
                session.execute(text(f"DROP TRIGGER {table}_{name}{on}"))
            session.execute(text(f"CREATE TABLE bare AS SELECT * FROM {table}"))  # noqa: S608 -- two names
            session.execute(text(f"DROP TABLE {table}"))
            session.execute(text(f"ALTER TABLE bare RENAME TO {table}"))


def write_unguarded(database, keys, round_id, monkeypatch):
    """Let two writers look before either appends; neither holds the ledger or reads back what it wrote."""
    mine = threading.local()
    looked = threading.Barrier(WRITERS, timeout=20)
    monkeypatch.setattr(appending, "waiting_ballots", lambda *_: iter([mine.ballots]))
    monkeypatch.setattr(appending, "entries_of", lambda *_, **__: iter(mine.entries))

    def write(_number):
        with database.reading() as session:
            round, ledger = session.get_one(Round, round_id), session.get_one(Ledger, round_id)
            prefix, news = mine_prefix(session, round_id), appending._news(session, round)
            mine.ballots = [one for some in waiting_ballots(session, round_id) for one in some]
            bodies = [one.body for one in (*news.facts, *mine.ballots)]
            mine.entries = [
                (at, body, leaf_hash(body.encode())) for at, body in enumerate(bodies, prefix.size)
            ]
        looked.wait()
        with database.transaction() as session:
            appending._append(session, round, ledger, prefix.frontier, news)
            appending._sign(session, now=NOW, keys=keys, ledger=ledger, frontier=prefix.frontier)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))


def mine_prefix(session, round_id):
    """Hash the past as ``prefix_of`` does; its own reading is replaced while the twin runs."""
    leaves = list(leaves_of(session, round_id, size := count_entries(session, round_id)))
    return Prefix(Frontier(leaves), size)


def test_the_race_is_seen_when_the_guards_are_removed(database, keys, round_id, monkeypatch):
    write_at_once(database, keys, round_id, 1)
    without_guards(database)
    feed(database, round_id, 0)
    write_unguarded(database, keys, round_id, monkeypatch)
    assert {"a gap or a doubled number", "a ballot twice"} <= set(faults(database, round_id))
