from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.rounds import CLOSES, OPENS, make_round
from voting.persistence.watch import Heartbeat
from voting.rounds.models import Outage
from voting.rounds.rules.outages import lost_of, minutes_lost
from voting.rounds.service import beat, decide_outages, notice_silence, undecided_minutes

MINUTE = timedelta(minutes=1)
WITHIN = OPENS + timedelta(days=1)


@pytest.fixture
def round(session, any_database):
    return make_round(session, phase="voting")


def test_a_minute_that_was_begun_was_lost():
    at = OPENS
    assert minutes_lost([(at, at + MINUTE), (at, at + timedelta(seconds=61))]) == 3
    assert minutes_lost([]) == 0


@pytest.mark.parametrize(("since", "until", "lost"), [
    (OPENS - 9 * MINUTE, OPENS + MINUTE, (OPENS, OPENS + MINUTE)),
    (CLOSES - MINUTE, CLOSES + 9 * MINUTE, (CLOSES - MINUTE, CLOSES)),
    (WITHIN, WITHIN + 3 * MINUTE, None),
    (CLOSES, CLOSES + 9 * MINUTE, None),
    (OPENS - 9 * MINUTE, OPENS, None),
])  # fmt: skip
def test_only_what_falls_into_the_voting_time_is_lost(since, until, lost):
    assert lost_of(since, until, opens_at=OPENS, closing=CLOSES) == lost


def test_a_sign_of_life_each_minute_is_no_outage(session, round):
    for minute in range(10):
        beat(session, now=WITHIN + minute * MINUTE)
    assert session.scalars(select(Outage)).all() == []
    assert session.get(Heartbeat, 1).at == WITHIN + 9 * MINUTE


def test_a_silence_is_written_down_at_the_next_sign_of_life(session, round):
    beat(session, now=WITHIN)
    beat(session, now=WITHIN + 47 * MINUTE)
    outage = session.scalars(select(Outage)).one()
    assert (outage.since, outage.until) == (WITHIN, WITHIN + 47 * MINUTE)
    assert undecided_minutes(session, round.id) == 47
    assert decide_outages(session, round.id, decision="kept", by="o") == 1
    assert undecided_minutes(session, round.id) == 0


def test_a_silence_that_lasts_is_one_outage_that_grows(session, round):
    beat(session, now=WITHIN)
    for minutes in (5, 9, 30):
        notice_silence(session, now=WITHIN + minutes * MINUTE)
    assert undecided_minutes(session, round.id) == 30
    decide_outages(session, round.id, decision="kept", by="o")
    notice_silence(session, now=WITHIN + 40 * MINUTE)
    assert undecided_minutes(session, round.id) == 0


@pytest.mark.parametrize(("phase", "kind"), [
    ("paused", "real"), ("confirmed", "real"), ("voting", "loaded"),
])  # fmt: skip
def test_who_could_not_vote_anyway_lost_nothing(session, phase, kind):
    round = make_round(session, phase="voting", kind=kind)
    round.phase, round.phase_before_pause = phase, "voting" if phase == "paused" else None
    session.flush()
    beat(session, now=WITHIN)
    beat(session, now=WITHIN + 47 * MINUTE)
    assert session.scalars(select(Outage)).all() == []


def test_a_clock_that_was_set_back_is_no_outage(session, round):
    beat(session, now=WITHIN)
    beat(session, now=WITHIN - timedelta(hours=5))
    beat(session, now=WITHIN - timedelta(hours=5) + MINUTE)
    assert session.scalars(select(Outage)).all() == []
