"""Before it is repacked an urn tells in which order it was filled, afterwards not (integrity.md §0.3)."""

import pytest
from sqlalchemy import text

from tests.factories.ballots import make_cards
from tests.factories.upkeep import AFTER, make_announced, vote
from voting.conduct.service import settle
from voting.ledger.service import make_checkpoint
from voting.persistence.session import Database


@pytest.fixture
def cast(database, keys):
    """A round with twelve ballots, in the order in which they were cast: they fill one page."""
    with database.transaction() as session:
        round_id = make_announced(session, keys).id
    slots = []
    for _ in range(12):
        with database.transaction() as session:
            card = make_cards(session, keys, round_id, 1)[0]
            slots.append(vote(session, keys, round_id, card))
    return round_id, slots


def laid_out(database: Database, slots: list[bytes]) -> list[bytes]:
    """Return the slots as they lie on the disk, from the place that is filled first."""
    if database.file is None:
        with database.reading() as session:
            rows = session.execute(text("SELECT slot FROM urn ORDER BY xmin::text::bigint, ctid"))
            return [bytes(slot) for slot in rows.scalars()]
    content = database.file.read_bytes()
    with database.reading() as session:
        rows = session.execute(text("SELECT slot, sealed FROM urn"))
        sealed = {row.slot: row.sealed for row in rows}
    # A page is filled from its end; the index holds the slot alone.
    return sorted(slots, key=lambda slot: -content.index(slot + sealed[slot]))


def run(app, clock, round_id):
    clock.now = AFTER
    return app.test_cli_runner().invoke(args=["upkeep", "repack", round_id])


def test_a_repacked_urn_says_nothing_of_the_order_of_casts(
    app, clock, database, keys, cast, any_database
):
    round_id, slots = cast
    assert laid_out(database, slots) == slots
    with database.transaction() as session:
        make_checkpoint(session, now=AFTER, keys=keys, round_id=round_id)
    done = run(app, clock, round_id)
    assert done.exit_code == 0, done.output
    found = laid_out(database, slots)
    assert found in (sorted(slots), sorted(slots, reverse=True))
    if database.file is None:
        with database.reading() as session:
            assert session.execute(text("SELECT pg_relation_size('urn')")).scalar() == 8192
            versions = session.execute(text("SELECT count(DISTINCT xmin::text) FROM urn"))
            assert versions.scalar() == 1


def test_an_urn_is_not_repacked_while_people_vote(app, clock, database, keys, cast):
    round_id, _ = cast
    clock.now = AFTER.replace(day=6)
    refused = app.test_cli_runner().invoke(args=["upkeep", "repack", round_id])
    assert refused.exit_code == 1
    with database.transaction() as session:
        other = make_announced(session, keys)
        other.extended_to = AFTER.replace(day=20)
        settle(session, now=AFTER)
    refused = run(app, clock, round_id)
    assert refused.exit_code == 1
    assert "正在投票" in refused.stderr
