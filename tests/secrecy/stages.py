"""A round whose casting order and ballots the test knows, and what an attacker takes of it at each stage."""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from tests.factories.ballots import make_cards, make_listed_elector, make_open_round
from tests.factories.casting import cast_card
from tests.factories.tally import open_by_two
from tests.secrecy.linker import Loot, Scene
from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.ballots.rules import slot_of
from voting.ballots.service import load_paper
from voting.ledger.service import make_checkpoint
from voting.persistence.session import Database
from voting.roll.models import Participation
from voting.rounds.models import Round
from voting.tally.service import count
from voting.tally.service.openings import OpeningsStore

# So many that hardly two ballots of all tests are alike: a text that is found is this round's.
CANDIDATES, LEAST, MOST = 99, 4, 6


@dataclass
class Poll:
    """One round, its database and keys, and backups taken on the way (people marked, slots in the urn)."""

    database: Database
    keys: Keyring
    openings: OpeningsStore
    scene: Scene
    folder: Path
    closes_at: datetime
    backups: list[tuple[set[str], set[bytes]]]
    copies: list[bytes]


def hold_poll(database: Database, var: Path, voters: int, *, folder: Path, copies: int = 3) -> Poll:
    """Let people vote with assigned cards in turn: each transaction holds a person and a ballot.

    ``folder`` is where the database's own files lie, ``copies`` how many backups are taken on the way.
    """
    keys = Keyring(var / "secrets")
    with database.transaction() as session:
        round = make_open_round(session, keys, candidates=CANDIDATES, most=MOST)
        people = [make_listed_elector(session, round.id) for _ in range(voters)]
        cards = make_cards(session, keys, round.id, voters, electors=people)
        paper = load_paper(session, round.id)
    order = random.sample(range(voters), voters)
    nonces = {people[at]: secrets.token_bytes(16) for at in range(voters)}
    draw = random.Random()  # noqa: S311 -- what people choose, not a secret
    choices = {
        person: tuple(sorted(draw.sample(range(1, CANDIDATES + 1), draw.randint(LEAST, MOST))))
        for person in people
    }
    scene = Scene(
        round_id=round.id, config_hash=round.config_hash or b"", seal_public=paper.seal_public,
        order=[people[at] for at in order],
        slots={person: slot_of(nonce) for person, nonce in nonces.items()}, choices=choices,
    )  # fmt: skip
    openings = OpeningsStore(var / "openings", keys)
    poll = Poll(database, keys, openings, scene, folder, round.closes_at, [], [])
    for number, at in enumerate(order, 1):
        person = people[at]
        with database.transaction() as session:
            cast_card(
                session, keys, paper, cards[at], nonce=nonces[person], choices=choices[person]
            )
        if copies and number % (voters // copies) == 0:
            back_up(poll)
    return poll


def back_up(poll: Poll) -> None:
    """Keep what a backup of this moment tells."""
    with poll.database.reading() as session:
        people = set(session.scalars(select(Participation.elector_id)))
        poll.backups.append((people, set(session.scalars(select(UrnEntry.slot)))))
    names = dict(files_of(poll))
    poll.copies.append(next(iter(names.values())).read_bytes())


def close_and_count(poll: Poll) -> None:
    """Sign the last checkpoint, which marks every ballot, and count."""
    now = poll.closes_at
    with poll.database.transaction() as session:
        make_checkpoint(session, now=now, keys=poll.keys, round_id=poll.scene.round_id)
    with poll.database.transaction() as session:
        open_by_two(session, session.get_one(Round, poll.scene.round_id), now=now)
        count(
            session, now=now, keys=poll.keys, round_id=poll.scene.round_id, openings=poll.openings
        )


def repack(poll: Poll) -> None:
    """Write the database anew, so that nothing of the order of writing is left in its files."""
    with poll.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("VACUUM")
            return
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in ("urn", "ledger_entry", "ballot_card", "participation"):
            free.exec_driver_sql(f"VACUUM FULL {table}")
        free.exec_driver_sql("CHECKPOINT")


def files_of(poll: Poll) -> Iterator[tuple[str, Path]]:
    """Yield the files an attacker takes of the database: its own, and on PostgreSQL its journal and log."""
    if poll.database.engine.dialect.name == "sqlite":
        path = Path(str(poll.database.engine.url.database))
        yield from ((one.name, one) for one in sorted(path.parent.glob(f"{path.name}*")))
        return
    with poll.database.engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        place = text("SELECT pg_relation_filepath('urn')")
        yield "urn", poll.folder / "data" / connection.execute(place).scalar_one()
    yield from (
        (f"wal {one.name}", one) for one in sorted((poll.folder / "data/pg_wal").glob("0*"))
    )
    yield "log", poll.folder / "log"


def steal(poll: Poll) -> Loot:
    """Take everything but the secrets."""
    loot = Loot()
    for name, path in files_of(poll):
        loot.take(name, path)
    for number, copy in enumerate(poll.copies):
        loot.contents[f"backup {number}"] = copy
    with poll.database.reading() as session:
        loot.take_rows(session, poll.scene)
    return loot
