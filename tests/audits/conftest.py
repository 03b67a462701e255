"""A round at the desk: with cards to draw, with test cards voted, with people marked."""

import pytest

from tests.factories.audits import (
    CLOSED,
    Desk,
    make_marked_round,
    make_tested_round,
    make_watched_round,
)
from tests.factories.ballots import keyring


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


@pytest.fixture
def watched(app, database, keys, clock):
    with database.transaction() as session:
        round, monitor = make_watched_round(session, keys)
        facts = (round.id, round.area, monitor.id)
    return Desk(app, database, clock, *facts)


@pytest.fixture
def tested(app, database, keys, clock):
    with database.transaction() as session:
        made = make_tested_round(session, keys)
        facts = (made.round.id, made.round.area, made.monitor.id, made)
    clock.now = CLOSED
    return Desk(app, database, clock, *facts)


@pytest.fixture
def marked(app, database, keys, clock):
    with database.transaction() as session:
        round, monitor = make_marked_round(session, keys)
        facts = (round.id, round.area, monitor.id)
    clock.now = CLOSED
    return Desk(app, database, clock, *facts)
