"""R5: PostgreSQL dies under load; with its safe settings no receipt is lost, without them some are."""

import signal
import threading
from contextlib import contextmanager

import pytest

from tests.databases import migrate
from tests.durability.test_killed_servers import VOTERS, kill_soon
from tests.durability.voters import Crowd
from tests.durability.whole import open_stage, standing
from tests.factories.ballots import keyring
from tests.postgres import ABSENT, binaries, private_cluster
from tests.serving import serving
from voting.persistence.session import Database

CARELESS = "tests.durability.careless:app"
DEATHS = (signal.SIGKILL, signal.SIGQUIT)


@contextmanager
def polling(tmp_path, *, voters: int, settings: tuple[str, ...] = (), app: str = "wsgi:app"):
    """A durable PostgreSQL of our own with an open round, and a server before it."""
    if binaries() is None:
        pytest.skip(ABSENT)
    with private_cluster(durable=True, settings=settings) as cluster:
        url, var = cluster.url(cluster.create()), tmp_path / "var"
        migrate(url, var)
        database = Database(url)
        cards = open_stage(database, keyring(var), voters).cards
        with database.engine.connect() as connection:
            # Whatever the settings: the round itself must not be lost, only what is cast from now on.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CHECKPOINT")
        environ = {"VOTING_VAR": str(var), "VOTING_DATABASE_URL": url}
        with serving(environ, workers=1, app=app) as server:
            yield cluster, database, cards, Crowd(server.url)
        database.engine.dispose()


def kill_under_load(cluster, crowd, cards, deaths):
    for turn, death in enumerate(deaths):
        voting = threading.Thread(
            target=crowd.vote_all, args=(cards[turn * VOTERS : (turn + 1) * VOTERS],)
        )
        voting.start()
        kill_soon([], within=0.5).join()
        cluster.die(death)
        cluster.rise()
        voting.join()


def missing(crowd, database):
    database.engine.dispose()
    found = standing(database)
    assert found.is_whole
    return set(crowd.receipts.values()) - found.receipts


def check(tmp_path, deaths, record_property=lambda _name, _value: None):
    with polling(tmp_path, voters=len(deaths) * VOTERS) as (cluster, database, cards, crowd):
        kill_under_load(cluster, crowd, cards, deaths)
        assert missing(crowd, database) == set()
        assert len(crowd.receipts) == len(cards)
        assert set(crowd.statuses) <= {303, 409, 503}, crowd.statuses
        record_property("deaths", len(deaths))
        record_property("receipts shown", len(crowd.receipts))
        record_property("receipts missing", 0)
        record_property("answers", dict(crowd.statuses))


def test_no_receipt_is_lost_when_the_database_is_killed(tmp_path):
    check(tmp_path, DEATHS)


@pytest.mark.soak
def test_no_receipt_is_lost_in_twenty_deaths_of_the_database(tmp_path, record_property):
    check(tmp_path, DEATHS * 10, record_property)


@pytest.mark.soak
def test_the_loss_is_seen_when_commits_do_not_wait_for_the_disk(tmp_path, record_property):
    careless = ("synchronous_commit=off", "wal_writer_delay=10s", "wal_writer_flush_after=0")
    with polling(tmp_path, voters=5 * VOTERS, settings=careless, app=CARELESS) as stage:
        cluster, database, cards, crowd = stage
        kill_under_load(cluster, crowd, cards, (signal.SIGKILL,) * 5)
        lost = missing(crowd, database)
    record_property("deaths", 5)
    record_property("receipts shown", len(crowd.receipts))
    record_property("receipts missing", len(lost))
    assert lost
