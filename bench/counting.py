"""Seconds to count an urn, beside the bare opening of as many sealed ballots on one core."""

import random
import secrets
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert

from tests.databases import migrate
from tests.factories.ballots import keyring, make_open_round
from tests.factories.tally import open_by_two
from voting import clock
from voting.adapters.sealing import seal, unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import Ballot, BallotPaper
from voting.ballots.service import load_paper, sealed_row
from voting.persistence.session import Database
from voting.tally.service import count

CANDIDATES = 39
MOST = 10
_CHUNK = 5000
_BARE = 5000


def count_ballots(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Fill an urn with ``amount`` ballots, then open and count it."""
    migrate(url, var)
    database, keys, now = Database(url), keyring(var), clock.now()
    with database.transaction() as session:
        round = make_open_round(
            session, keys, candidates=CANDIDATES, most=MOST,
            opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1),
        )  # fmt: skip
        paper = load_paper(session, round.id)
        for rows in ballot_rows(paper, amount):
            session.execute(insert(cast("Table", UrnEntry.__table__)), rows)
        open_by_two(session, round, now=now)
    began = time.perf_counter()
    with database.transaction() as session:
        tally = count(session, now=now, keys=keys, round_id=round.id)
    counted = time.perf_counter() - began
    if tally.ballots != amount:
        raise RuntimeError(f"counted {tally.ballots} of {amount}")
    bare = _bare_seconds(paper, keys.seal_key(round.id)) * amount
    database.engine.dispose()
    return {
        f"seconds to count {amount} ballots": f"{counted:.1f}",
        "floor: the bare openings on one core, seconds": f"{bare:.1f}",
        "times the floor": f"{counted / bare:.2f}",
    }


def ballot_rows(paper: BallotPaper, amount: int) -> Iterator[list[dict[str, object]]]:
    """Yield the rows of an urn with so many ballots, a few thousand at a time."""
    draw = random.Random(1)
    for start in range(0, amount, _CHUNK):
        yield [
            sealed_row(paper, secrets.token_bytes(32), _ballot(draw))
            for _ in range(min(_CHUNK, amount - start))
        ]


def _ballot(draw: random.Random) -> Ballot:
    chosen = draw.sample(range(1, CANDIDATES + 1), draw.randint(1, MOST))
    return Ballot("card", tuple(sorted(chosen)))


def _bare_seconds(paper: BallotPaper, private: bytes) -> float:
    text, info = bytes(paper.ballot_length + 16), b"bench"
    sealed = [seal(paper.seal_public, text, info) for _ in range(_BARE)]
    began = time.perf_counter()
    for one in sealed:
        unseal(private, one, info)
    return (time.perf_counter() - began) / _BARE
