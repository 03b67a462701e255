"""R1: parallel submissions of each card count once, and the test can see a race (its twin over-counts)."""

import pytest
from sqlalchemy import func, select

from tests.concurrency.racing import race
from tests.factories.ballots import keyring, open_round_with_cards
from tests.serving import serving
from voting import clock
from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard


@pytest.fixture
def cards(database, environ, tmp_path, request, any_database):
    count = getattr(request, "param", 20)
    now = clock.now()
    return open_round_with_cards(
        database, keyring(tmp_path / "var"), count,
        opens_at=now.replace(year=now.year - 1), closes_at=now.replace(year=now.year + 1),
    )[1]  # fmt: skip


def counted(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UrnEntry)) or 0


def spent(database) -> int:
    with database.reading() as session:
        return (
            session.scalar(
                select(func.count()).select_from(BallotCard).where(BallotCard.state == "spent")
            )
            or 0
        )


def check(server_url, cards, database, posts):
    statuses, receipts = race(server_url, cards, posts=posts)
    assert set(statuses) <= {303, 409}, statuses
    assert counted(database) == spent(database) == len(cards)
    assert all(len(found) == 1 for found in receipts.values())


def test_parallel_submissions_of_a_card_count_once(cards, database, environ):
    with serving(environ, workers=4) as server:
        check(server.url, cards, database, posts=50)


@pytest.mark.soak
@pytest.mark.parametrize("cards", [200], indirect=True)
def test_two_hundred_cards_submitted_fifty_times_each_give_two_hundred_ballots(
    cards, database, environ, record_property
):
    with serving(environ, workers=4) as server:
        check(server.url, cards, database, posts=50)
    record_property("submissions", len(cards) * 50)
    record_property("ballots", counted(database))
    record_property("answers other than 303 and 409", 0)


@pytest.mark.parametrize("cards", [5], indirect=True)
@pytest.mark.parametrize(
    "any_database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)]
)
def test_the_race_is_seen_when_the_guard_is_removed(cards, database, environ):
    with serving(environ, workers=4, app="tests.concurrency.unguarded:app") as server:
        race(server.url, cards, posts=50)
    assert counted(database) > len(cards)
