"""Opening a large urn: on one core and on all, beside the bare opening of seals in the same run.

Each opening is a process of its own, so that its memory can be told from that of the filling. Seconds depend
on what else the machine does; the shares are taken of processor time, which does so much less.
"""

import json
import random
import secrets
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert

from tests.databases import migrate
from tests.factories.ballots import keyring, make_open_round
from tests.factories.tally import open_by_two
from tests.memory import peak_of
from voting import clock
from voting.adapters.unsealing import cores
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot, BallotPaper
from voting.ballots.service import load_paper, sealed_row
from voting.config import ROOT
from voting.persistence.session import Database

# As many different ballots as people make: 15,504 of them.
_PROJECTS, _CHOICES = 20, 5
_CHUNK = 5000


def open_many(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Fill an urn with ``amount`` ballots; open it on one core, on all, and again from what was kept."""
    round_id = fill_urn(url, var, amount)
    words = (url, str(var), round_id)
    one = opened_apart(*words, "1", "one")
    # Nothing but the processor itself could make it less: children and parent share it.
    every = opened_apart(*words, str(cores()), "all")
    again = opened_apart(*words, str(cores()), "all")
    if len({said["digest"] for said in (one, every, again)}) != 1 or one["ballots"] != amount:
        raise RuntimeError("the openings differ")
    bare = one["bare"] * amount
    return {
        f"seconds to open {amount} ballots, 1 process": f"{one['seconds']:.1f}",
        f"the same, {cores()} children": f"{every['seconds']:.1f}",
        "times as fast": f"{one['seconds'] / every['seconds']:.2f}",
        "the same from what was kept": f"{again['seconds']:.1f}",
        "ballots a second": f"{amount / every['seconds']:.0f}",
        "floor: the bare openings, seconds of one core": f"{bare:.1f}",
        "share of the floor, 1 process": f"{bare / one['processor']:.2f}",
        "share of the floor, children": f"{bare / every['processor']:.2f}",
        "peak memory, 1 process, MB": f"{one['peak'] / 1e6:.0f}",
        f"peak memory of {every['processes']} processes, MB": f"{every['peak'] / 1e6:.0f}",
    }


def fill_urn(url: str, var: Path, amount: int) -> str:
    """Make a round whose voting is over, with so many ballots, and return its id."""
    migrate(url, var)
    database, keys, now = Database(url), keyring(var), clock.now()
    with database.transaction() as session:
        round = make_open_round(
            session, keys, candidates=_PROJECTS, most=_CHOICES,
            opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1),
        )  # fmt: skip
        open_by_two(session, round, now=now)
        round_id, paper = round.id, load_paper(session, round.id)
    for rows in _rows(paper, amount):
        with database.transaction() as session:
            session.execute(insert(cast("Table", UrnEntry.__table__)), rows)
    database.engine.dispose()
    return round_id


def _rows(paper: BallotPaper, amount: int) -> Iterator[list[dict[str, object]]]:
    """Seal on all cores: a million take over a minute of one."""
    sizes = [min(_CHUNK, amount - start) for start in range(0, amount, _CHUNK)]
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        # A few at a time: nobody needs a million sealed ballots in memory.
        for start in range(0, len(sizes), 8):
            some = sizes[start : start + 8]
            yield from pool.map(sealed_rows, [paper] * len(some), some, range(start, start + 8))


def sealed_rows(paper: BallotPaper, amount: int, number: int) -> list[dict[str, object]]:
    """Return rows of the urn with so many ballots; ``number`` tells one draw from another."""
    draw = random.Random(number)
    chosen = (sorted(draw.sample(range(1, _PROJECTS + 1), _CHOICES)) for _ in range(amount))
    return [
        sealed_row(paper, secrets.token_bytes(32), Ballot("card", tuple(one))) for one in chosen
    ]


def opened_apart(url: str, var: str, round_id: str, children: str, kept: str) -> dict[str, Any]:
    """Open an urn in a process of its own and return what it says, with its peak memory in bytes."""
    command = [sys.executable, "-m", "bench.opening_apart", url, var, round_id, children, kept]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        with peak_of(process.pid) as peak:
            said, _errors = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the opening ended with {process.returncode}")
    facts: dict[str, Any] = json.loads(said)
    return facts | {"peak": peak.size, "processes": peak.processes}
