"""R4: a worker, or the whole server, is killed at random moments under load; every receipt stands."""

import contextlib
import os
import random
import re
import signal
import threading
import time

import pytest

from tests.durability.voters import Crowd
from tests.durability.whole import open_stage, standing
from tests.factories.ballots import keyring
from tests.serving import Server, serving

# A few voters a kill: about as long as the server needs to take them, so that the kill finds some at work.
VOTERS = 24
_WITHIN = 0.35
_SPAWNED = re.compile(r"Spawning (worker-\d+) with PID: (\d+)")


def workers_of(server: Server) -> list[int]:
    """Return the processes that answer requests, in the order of their names in the server's log."""
    named = dict(_SPAWNED.findall(server.log.read_text()))
    return [int(named[name]) for name in sorted(named)]


def kill_soon(pids: list[int], *, within: float = _WITHIN) -> threading.Thread:
    """Kill these processes together at a random moment from now on."""

    def strike() -> None:
        time.sleep(random.uniform(0.02, within))  # noqa: S311 -- any moment will do
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=strike)
    thread.start()
    return thread


def back(server: Server, started: int) -> None:
    """Wait until so many workers have been started in all."""
    deadline = time.monotonic() + 60
    while server.log.read_text().count("Started worker-") < started:
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.02)


def kill_workers(environ, database, cards, kills):
    """Kill one worker after another; granian starts another each time."""
    crowd = Crowd("")
    with serving({**environ, "GRANIAN_RESPAWN_INTERVAL": "0.1"}, workers=2) as server:
        crowd.url = server.url
        for turn in range(kills):
            back(server, 2 + turn)
            # In turn: of a worker that dies twice within seconds granian thinks that it never will stand.
            strike = kill_soon([workers_of(server)[turn % 2]])
            crowd.vote_all(cards[turn * VOTERS : (turn + 1) * VOTERS])
            strike.join()
    return crowd


def kill_servers(environ, database, cards, kills):
    """Kill the server with all its workers, and start another while the voters try again."""
    crowd = Crowd("")
    for turn in range(kills):
        with serving(environ, workers=1) as server:
            crowd.url = server.url
            voting = threading.Thread(
                target=crowd.vote_all, args=(cards[turn * VOTERS : (turn + 1) * VOTERS],)
            )
            voting.start()
            kill_soon([server.pid, *workers_of(server)]).join()
        with serving(environ, workers=1) as server:
            crowd.url = server.url
            voting.join()
    return crowd


def check(crowd: Crowd, database, cards) -> None:
    found = standing(database)
    assert set(crowd.statuses) <= {303, 409, 500, 503}
    assert len(crowd.receipts) == len(cards)
    assert set(crowd.receipts.values()) - found.receipts == set()
    assert found.is_whole
    assert found.ballots == len(cards)


def run(way, environ, database, tmp_path, kills):
    cards = open_stage(database, keyring(tmp_path / "var"), kills * VOTERS).cards
    crowd = way(environ, database, cards, kills)
    check(crowd, database, cards)
    return crowd


def test_no_receipt_is_lost_when_workers_are_killed(environ, database, tmp_path):
    run(kill_workers, environ, database, tmp_path, 3)


@pytest.mark.soak
@pytest.mark.parametrize(("way", "kills"), [(kill_workers, 80), (kill_servers, 20)])
def test_no_receipt_is_lost_in_a_hundred_kills_of_each_database(
    environ, database, tmp_path, way, kills, any_database, record_property, scaled
):
    kills = scaled(kills)
    crowd = run(way, environ, database, tmp_path, kills)
    record_property("kills", kills)
    record_property("receipts shown", len(crowd.receipts))
    record_property("receipts missing", 0)
    record_property("tries that found nobody", crowd.retries)
