"""Seconds to sign a checkpoint over many entries, beside the bare hashing of their bodies on one core."""

import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, insert, select

from bench.counting import CANDIDATES, MOST, ballot_rows
from tests.databases import migrate
from tests.factories.ballots import keyring, make_open_round
from voting import clock
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.service import load_paper
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint, note_for_ledger
from voting.persistence.session import Database


def sign_ledger(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Fill an urn with ``amount`` ballots, let one checkpoint take them all, and another one note more."""
    migrate(url, var)
    database, keys, now = Database(url), keyring(var), clock.now()
    with database.transaction() as session:
        round = make_open_round(
            session, keys, candidates=CANDIDATES, most=MOST,
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
        )  # fmt: skip
        paper = load_paper(session, round.id)
        for rows in ballot_rows(paper, amount):
            session.execute(insert(cast("Table", UrnEntry.__table__)), rows)
    taking = _seconds_to_sign(database, keys, round.id)
    with database.transaction() as session:
        note_for_ledger(session, now=now, round_id=round.id, kind="calls", drawn=1)
    again = _seconds_to_sign(database, keys, round.id)
    bare = _bare_seconds(database, round.id)
    database.engine.dispose()
    return {
        f"seconds to append {amount} ballots and sign": f"{taking:.1f}",
        f"seconds to sign one entry more over {amount}": f"{again:.2f}",
        "floor: hashing the bodies on one core, seconds": f"{bare:.2f}",
        "times the floor, one entry more": f"{again / bare:.1f}",
    }


def _seconds_to_sign(database: Database, keys: Keyring, round_id: str) -> float:
    began = time.perf_counter()
    with database.transaction() as session:
        make_checkpoint(session, now=clock.now(), keys=keys, round_id=round_id)
    return time.perf_counter() - began


def _bare_seconds(database: Database, round_id: str) -> float:
    with database.reading() as session:
        query = select(LedgerEntry.body).where(LedgerEntry.round_id == round_id)
        bodies = [body.encode() for body in session.scalars(query)]
    began = time.perf_counter()
    for body in bodies:
        sha256(b"\x00" + body).digest()
    return time.perf_counter() - began
