"""S1 and S2: what a thief of the database, its files, journals and backups can link, and read: nothing."""

import pytest

from tests.databases import migrate
from tests.postgres import private_cluster
from tests.secrecy.linker import (
    ON_POSTGRESQL,
    ON_SQLITE,
    by_backups,
    by_bytes,
    by_neighbours,
    inside_pages,
    readable,
)
from tests.secrecy.stages import close_and_count, hold_poll, repack, steal
from voting.persistence.session import Database

VOTERS = 200
# Guessing inside one batch hits one ballot on average, whatever its size: more than eight hits are seen once
# in a million tries. A rank correlation over 200 has a deviation of 0.07.
MOST_HITS = 8
MOST_RHO = 0.35
PAGE = {"sqlite": 4096, "postgresql": 8192}


def attack(poll, loot):
    """Try every way; return the hits of each, and how far an order goes with that of casting."""
    is_sqlite = poll.database.engine.dialect.name == "sqlite"
    with poll.database.reading() as session:
        ways = ON_SQLITE if is_sqlite else ON_POSTGRESQL
        found = [way(poll.scene, session) for way in ways]
    own = [name for name in loot.contents if name.endswith("sqlite3") or name == "urn"]
    page = PAGE[poll.database.engine.dialect.name]
    found += [by_bytes(poll.scene, f"bytes: {n}", loot.contents[n], page=page) for n in own]
    found += [
        inside_pages(poll.scene, f"inside pages: {n}", loot.contents[n], page=page) for n in own
    ]
    found.append(by_neighbours(poll.scene, "journal", journal(loot)))
    found.append(by_neighbours(poll.scene, "log", loot.contents.get("log", b"")))
    found.append(by_backups(poll.scene, poll.backups))
    return {one.way: one for one in found}


def journal(loot) -> bytes:
    return b"".join(raw for name, raw in sorted(loot.contents.items()) if name.startswith("wal "))


@pytest.fixture
def folder(request, database_url, tmp_path):
    """Where the database's own files lie."""
    if database_url.startswith("sqlite"):
        return tmp_path
    return request.getfixturevalue("postgres").folder


@pytest.fixture
def poll(database, tmp_path, any_database, folder):
    if any_database == "postgresql":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("CREATE EXTENSION pageinspect")
            connection.commit()
    return hold_poll(database, tmp_path / "var", VOTERS, folder=folder)


def say(record_property, stage, found):
    hits = {way: one.links for way, one in found.items()}
    rhos = {way: round_to(one.rho) for way, one in found.items() if one.rho}
    record_property(stage, f"links {hits}, rank correlations {rhos}")


def round_to(rho: float) -> str:
    return f"{rho:+.2f}"


def test_a_thief_links_nobody_after_the_count_and_reads_nothing_ever(
    poll, any_database, record_property
):
    loot = steal(poll)
    before = attack(poll, loot)
    assert readable(poll.scene, loot, step=4096) == 0
    if any_database == "postgresql":
        # The attack works: while nothing was repacked, the transaction tells whose sealed ballot is whose.
        assert before["xmin"].links == VOTERS
    assert before["ciphertext sizes"].links == 0
    close_and_count(poll)
    counted = attack(poll, steal(poll))
    repack(poll)
    loot = steal(poll)
    after = attack(poll, loot)
    say(record_property, "while voting", before)
    say(record_property, "counted", counted)
    say(record_property, "repacked", after)
    assert readable(poll.scene, loot, step=4096, is_counted=True) == 0
    own = {way: one for way, one in after.items() if way != "journal"}
    assert {way: one.links for way, one in own.items() if one.links > MOST_HITS} == {}
    assert {way: one.rho for way, one in own.items() if abs(one.rho) > MOST_RHO} == {}


@pytest.mark.soak
def test_the_journal_of_postgresql_forgets_who_voted_when_it_is_not_recycled(
    tmp_path, record_property
):
    """What a repack must do about the journal: switch to another file, and let the old ones be removed."""
    settings = ("wal_recycle=off",)
    with private_cluster(durable=True, settings=settings) as cluster:
        url = cluster.url(cluster.create())
        migrate(url, tmp_path / "var")
        database = Database(url)
        poll = hold_poll(database, tmp_path / "var", VOTERS, folder=cluster.folder, copies=0)
        before = by_neighbours(poll.scene, "journal", journal(steal(poll))).links
        close_and_count(poll)
        repack(poll)
        with database.engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in ("SELECT pg_switch_wal()", "CHECKPOINT", "CHECKPOINT"):
                free.exec_driver_sql(statement)
        after = by_neighbours(poll.scene, "journal", journal(steal(poll))).links
        database.engine.dispose()
    record_property("links before", before)
    record_property("links after", after)
    assert before > MOST_HITS
    assert after == 0


def secrets_of(poll, loot, var):
    """Let the thief have the secrets too, and whatever lies beside them."""
    for path in sorted(path for path in var.rglob("*") if path.is_file()):
        loot.take(f"var {path.relative_to(var)}", path)
    return loot


def test_nothing_can_be_read_once_the_key_is_destroyed_whatever_was_backed_up(
    database, tmp_path, any_database, folder, record_property
):
    poll = hold_poll(database, tmp_path / "var", 60, folder=folder)
    close_and_count(poll)
    loot = steal(poll)
    # The attack works: with the secrets in hand, and before they are gone, it opens every ballot.
    known = secrets_of(poll, steal(poll), tmp_path / "var")
    keys = {name: raw for name, raw in known.contents.items() if name.endswith(".key")}
    known.contents = keys
    assert readable(poll.scene, known, is_counted=True) == 60
    poll.openings.forget(poll.scene.round_id)
    poll.keys.forget_round(poll.scene.round_id)
    after = secrets_of(poll, steal(poll), tmp_path / "var")
    after.contents |= loot.contents
    small = {name: raw for name, raw in after.contents.items() if name.startswith("var ")}
    assert not [name for name in small if name.endswith(("seal.key", ".openings"))]
    assert readable(poll.scene, after, step=512, is_counted=True) == 0
    record_property("backups", len(poll.copies))
    record_property("ballots read", 0)


def test_choices_in_clear_would_be_found(poll):
    """The twin: a ballot that is written out anywhere is seen."""
    loot = steal(poll)
    chosen = next(iter(poll.scene.choices.values()))
    loot.contents["planted"] = b'{"choices":[%s]}' % ",".join(map(str, chosen)).encode()
    assert readable(poll.scene, loot, step=4096) == 1
