"""A count is killed at random moments: the next one goes on, and comes to the same outcome."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, insert

from tests.factories.ballots import keyring, make_open_round
from tests.factories.tally import open_by_two
from voting import clock
from voting.adapters.unsealing import cores
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot
from voting.ballots.service import load_paper, sealed_row
from voting.config import ROOT
from voting.rounds.service import get_round
from voting.tally.service import OpeningsStore, by_key, open_urn
from voting.tally.service.counting import seal_facts

BATCH = 10


def lost_most(kills: int, batch: int) -> int:
    """Return how many ballots so many kills may let be opened again: what was on its way."""
    return kills * batch * max(1, cores() * 2)


def close_round(database, keys, ballots):
    """Commit a round that two officers have opened, with so many ballots."""
    now = clock.now()
    with database.transaction() as session:
        round = make_open_round(
            session, keys, opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1)
        )
        paper = load_paper(session, round.id)
        rows = [
            sealed_row(paper, secrets.token_bytes(32), Ballot("card", (1 + number % 6,)))
            for number in range(ballots)
        ]
        assert isinstance(UrnEntry.__table__, Table)
        session.execute(insert(UrnEntry.__table__), rows)
        open_by_two(session, round, now=now)
        return round.id


def children_of(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


@dataclass
class Counting:
    """A round that is counted in processes of their own; ``notes`` has a byte for each seal opened."""

    environ: dict[str, str]
    round_id: str
    notes: Path
    batch: int = BATCH

    @property
    def unsealed(self) -> int:
        return self.notes.stat().st_size if self.notes.exists() else 0

    def start(self) -> subprocess.Popen[str]:
        words = [self.round_id, str(self.notes), str(self.batch)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.durability.counting_alone", *words],
            cwd=ROOT,
            env={**os.environ, **self.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill_at(self, unsealed: int) -> None:
        """Count until so many seals have been opened in all, kill, and see that no child is left."""
        with self.start() as process:
            while self.unsealed < unsealed and process.poll() is None:
                time.sleep(0.001)
            children = children_of(process.pid)
            process.kill()
        assert process.returncode == -signal.SIGKILL, process.stderr
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{child}/exe").exists() for child in children):
            assert time.monotonic() < deadline, "a child lives on without its parent"
            time.sleep(0.01)

    def finish(self) -> dict[str, object]:
        with self.start() as process:
            said, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        facts: dict[str, object] = json.loads(said)
        return facts


def kill_and_compare(environ, config, database, tmp_path, *, ballots, kills, batch=BATCH):
    """Kill a count so many times, let it finish, and compare with an opening that nobody disturbed."""
    keys = keyring(config.secrets.parent)
    round_id = close_round(database, keys, ballots)
    counting = Counting(environ, round_id, tmp_path / "notes", batch)
    moments = sorted(random.sample(range(1, ballots - 2 * lost_most(1, batch)), kills))
    for number, moment in enumerate(moments):
        counting.kill_at(moment + lost_most(number, batch) // 2)
    facts = counting.finish()
    with database.reading() as session:
        seal = seal_facts(session, get_round(session, round_id))
    kept = list(OpeningsStore(config.var / "openings", keys).reading(round_id))
    undisturbed = open_urn(database.reading, opener=by_key(keys, seal, 1), seal=seal)
    assert facts["ballots"] == len(kept) == ballots
    assert [one.slot for one in kept] == sorted({one.slot for one in kept})
    assert facts["urn_digest"] == undisturbed.digest.hex()
    assert facts["votes"] == {str(at): len(range(at - 1, ballots, 6)) for at in range(1, 7)}
    return counting.unsealed


def test_a_count_that_is_killed_twice_goes_on_where_it_was(environ, config, database, tmp_path):
    unsealed = kill_and_compare(environ, config, database, tmp_path, ballots=400, kills=2)
    assert 400 <= unsealed <= 400 + lost_most(2, BATCH)


@pytest.mark.soak
def test_a_count_that_is_killed_again_and_again(
    environ, config, database, tmp_path, any_database, scaled, record_property
):
    ballots, kills, batch = 20_000, scaled(40), 100
    unsealed = kill_and_compare(
        environ, config, database, tmp_path, ballots=ballots, kills=kills, batch=batch
    )
    record_property(f"seals opened for {ballots} ballots, {kills} kills", unsealed)
    assert ballots <= unsealed <= ballots + lost_most(kills, batch)
