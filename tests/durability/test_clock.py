"""R7: the server's clock alone decides; jumps, time zones and the closing moment lose no vote in time."""

import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.ballots import NOW, keyring, make_cards, make_listed_elector, make_open_round
from tests.factories.casting import cast_card
from voting.ballots import service
from voting.ballots.models import UrnEntry
from voting.ballots.rules import VotingClosed, VotingNotYetOpen
from voting.ballots.service import load_paper
from voting.roll.models import Participation
from voting.rounds.models import Round
from voting.rounds.rules import Phase, phase_at
from voting.rounds.service import settle

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
# Where clocks are put forward or back, at the moments they are; and where the date is another one.
SPRING = datetime(2027, 3, 14, 7, tzinfo=UTC)
AUTUMN = datetime(2027, 11, 7, 6, tzinfo=UTC)
PLACES = [
    (zone, closes)
    for zone in ("America/New_York", "Pacific/Kiritimati", "UTC", "Asia/Shanghai")
    for closes in (SPRING, AUTUMN)
]


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path / "var")


@pytest.fixture
def living_in(monkeypatch):
    """Give the server's machine another time zone."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


class Booth:
    """One round and its cards, cast at the moments a test names."""

    def __init__(self, database, keys, count, **changes):
        self.database, self.keys = database, keys
        with database.transaction() as session:
            self.round_id = make_open_round(session, keys, **changes).id
            self.cards = iter(make_cards(session, keys, self.round_id, count))
            self.paper = load_paper(session, self.round_id)

    def cast(self, now, card=None):
        with self.database.transaction() as session:
            return cast_card(
                session, self.keys, self.paper, card or next(self.cards), now=now,
                nonce=secrets.token_bytes(16),
            )  # fmt: skip

    def close(self, now):
        with self.database.transaction() as session:
            settle(session, now=now, round_id=self.round_id)
        return self.ballots()

    def ballots(self):
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(UrnEntry))

    def phase(self):
        with self.database.reading() as session:
            return session.scalar(select(Round.phase).where(Round.id == self.round_id))


@pytest.mark.parametrize(("zone", "closes"), PLACES)
def test_the_last_moment_counts_and_the_next_does_not_wherever_the_server_stands(
    database, keys, living_in, zone, closes
):
    living_in(zone)
    opens = closes - 7 * DAY
    booth = Booth(database, keys, 6, opens_at=opens, closes_at=closes, phase="vote_announced")
    with pytest.raises(VotingNotYetOpen):
        booth.cast(opens - TICK)
    for moment in (opens, closes - timedelta(hours=1), closes - TICK):
        booth.cast(moment)
    for moment in (closes, closes + timedelta(hours=1)):
        with pytest.raises(VotingClosed):
            booth.cast(moment)
    assert booth.ballots() == 3


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_day_of_a_used_right_is_that_of_shanghai(database, keys, living_in, zone):
    living_in(zone)
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight of the 24th in Shanghai
    booth = Booth(database, keys, 1)
    with database.transaction() as session:
        person = make_listed_elector(session, booth.round_id)
        (card,) = make_cards(session, keys, booth.round_id, electors=[person])
    booth.cast(late, card)
    with database.reading() as session:
        assert session.scalar(select(Participation.day)) == date(2026, 11, 24)


def test_a_clock_that_ran_ahead_and_was_put_right_has_closed_nothing(database, keys, any_database):
    booth = Booth(database, keys, 4, closes_at=NOW + timedelta(hours=1))
    booth.cast(NOW)
    with pytest.raises(VotingClosed):
        booth.cast(NOW + DAY)
    booth.cast(NOW)
    assert booth.ballots() == 2


def test_a_clock_that_falls_back_after_the_closing_reopens_nothing(database, keys, any_database):
    closes = NOW + timedelta(hours=1)
    booth = Booth(database, keys, 4, closes_at=closes)
    booth.cast(NOW)
    booth.close(closes)
    for moment in (closes - DAY, NOW, closes + DAY):
        with pytest.raises(VotingClosed):
            booth.cast(moment)
    assert booth.ballots() == 1


def test_a_clock_that_falls_back_a_day_lets_nobody_vote_before_the_opening(database, keys):
    booth = Booth(database, keys, 2, opens_at=NOW - timedelta(hours=1), phase="vote_announced")
    with pytest.raises(VotingNotYetOpen):
        booth.cast(NOW - DAY)
    booth.cast(NOW)
    assert booth.ballots() == 1


def test_a_request_that_began_in_time_but_waited_for_the_closing_is_refused(
    database, keys, any_database
):
    closes = NOW + timedelta(hours=1)
    booth = Booth(database, keys, 1, closes_at=closes)
    booth.close(closes)
    with pytest.raises(VotingClosed):
        booth.cast(closes - TICK)
    assert booth.ballots() == 0


def test_the_fault_is_seen_when_the_row_is_not_asked(database, keys, any_database, monkeypatch):
    """The twin: who trusts the moment of the request alone lets ballots in after the closing."""
    closes = NOW + timedelta(hours=1)
    booth = Booth(database, keys, 1, closes_at=closes)

    def unlocked(_session, _round_id, now):
        return phase_at(Phase.VOTING, booth.paper.opens_at, closes, now)

    monkeypatch.setattr(service, "locked_phase", unlocked)
    counted = booth.close(closes)
    booth.cast(closes - TICK)
    assert booth.ballots() > counted


def race_for_the_closing(booth, cards, closes):
    """Cast around the closing while somebody closes; return receipts, late ones, ballots then and now."""
    start = threading.Barrier(len(cards) + 1)

    def vote(card):
        moment = closes + timedelta(milliseconds=random.randint(-50, 50))  # noqa: S311 -- any moment
        start.wait()
        time.sleep(random.random() * 0.01)  # noqa: S311 -- any moment
        try:
            booth.cast(moment, card)
        except VotingClosed:
            return None
        return moment

    def close():
        start.wait()
        time.sleep(random.random() * 0.01)  # noqa: S311 -- any moment
        return booth.close(closes)

    with ThreadPoolExecutor(len(cards) + 1) as pool:
        closing = pool.submit(close)
        taken = [moment for moment in pool.map(vote, cards) if moment is not None]
        return taken, closing.result(), booth.ballots()


def check_closing_race(database, keys, *, rounds, voters):
    closes, taken = NOW + timedelta(hours=1), 0
    for _ in range(rounds):
        booth = Booth(database, keys, voters, closes_at=closes)
        cards = list(booth.cards)
        before = booth.ballots()
        receipts, at_closing, in_the_end = race_for_the_closing(booth, cards, closes)
        assert in_the_end == at_closing == before + len(receipts)
        assert [moment for moment in receipts if moment >= closes] == []
        assert booth.phase() == "counting"
        taken += len(receipts)
    return taken


def test_no_ballot_comes_after_the_closing_was_written_down(database, keys, any_database):
    check_closing_race(database, keys, rounds=5, voters=8)


@pytest.mark.soak
def test_no_ballot_comes_after_the_closing_in_two_hundred_races(
    database, keys, any_database, record_property, scaled
):
    rounds = scaled(200)
    taken = check_closing_race(database, keys, rounds=rounds, voters=12)
    record_property("closings", rounds)
    record_property("casts", rounds * 12)
    record_property("taken in time", taken)
    record_property("taken after the closing", 0)
