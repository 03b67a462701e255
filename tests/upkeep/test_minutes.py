"""What comes round each minute, without waiting for a minute."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories.ballots import NOW
from tests.factories.posters import PERSON, code_now, poster_round
from tests.factories.upkeep import AFTER, DURING, keep_whole
from voting.ledger.models import Checkpoint
from voting.persistence.watch import CheckRun, Heartbeat
from voting.posters.models import PosterClaim
from voting.posters.service import claim_by_screen
from voting.rounds.models import Outage, Round
from voting.upkeep.holder.minutes import Chores, Pulse, minutes, run_minute
from voting.upkeep.models import Repacking
from voting.upkeep.rules.rhythm import Done, checked_day, is_check_due, is_signing_due

NIGHT = datetime(2026, 12, 6, 19, tzinfo=UTC)  # 03:00 of the 7th in Shanghai
MINUTE = timedelta(minutes=1)


def heads(database):
    with database.reading() as session:
        return len(session.scalars(select(Checkpoint)).all())


def test_ledgers_are_signed_every_five_minutes_and_when_a_phase_changes():
    done = Done(signed_at=NIGHT)
    assert not is_signing_due(done, NIGHT + 4 * MINUTE, moved=0)
    assert is_signing_due(done, NIGHT + 4 * MINUTE, moved=1)
    assert is_signing_due(done, NIGHT + 5 * MINUTE, moved=0)
    assert is_signing_due(Done(), NIGHT, moved=0)


def test_everything_is_checked_at_the_start_and_each_night_at_three():
    done = Done()
    assert is_check_due(done, NIGHT - MINUTE)
    done.checked_on = checked_day(NIGHT - MINUTE)
    assert not is_check_due(done, NIGHT - MINUTE)
    assert is_check_due(done, NIGHT)
    done.checked_on = checked_day(NIGHT)
    assert not is_check_due(done, NIGHT + timedelta(hours=23))
    assert is_check_due(done, NIGHT + timedelta(hours=24))


def test_the_chores_end_a_vote_sign_its_ledger_repack_its_urn_and_check(app, database, keys):
    whole = keep_whole(database, keys, ballots=21, more=2, counted=False)
    before = heads(database)
    chores = Chores()
    run_minute(app, chores.tick, DURING)
    assert heads(database) == before
    run_minute(app, chores.tick, AFTER)
    assert heads(database) == before + 1
    with database.reading() as session:
        assert session.get_one(Round, whole.round_id).phase == "counting"
        assert session.get(Repacking, whole.round_id).at == AFTER
        # Five days later: once at the start, once for the night.
        assert [run.findings for run in session.scalars(select(CheckRun))] == [0, 0]


def test_a_pulse_beats_while_the_website_answers(app, database):
    run_minute(app, Pulse(lambda: False).tick, DURING)
    with database.reading() as session:
        assert session.get(Heartbeat, 1) is None
    run_minute(app, Pulse(lambda: True).tick, DURING)
    with database.reading() as session:
        assert session.get(Heartbeat, 1).at == DURING


def test_a_website_that_was_gone_is_an_outage_though_the_jobs_ran(app, database, keys):
    keep_whole(database, keys, ballots=21, more=0, counted=False)
    up = True
    pulse = Pulse(lambda: up)
    for minute in range(12):
        up = not 2 <= minute <= 8
        run_minute(app, pulse.tick, DURING + minute * MINUTE)
    with database.reading() as session:
        outage = session.scalars(select(Outage)).one()
    assert (outage.since, outage.until) == (DURING + MINUTE, DURING + 9 * MINUTE)


def test_an_exception_ends_nothing_and_its_text_is_not_logged(app, database, caplog, monkeypatch):
    def breaks():
        raise RuntimeError("张建国 360102195001011234")

    monkeypatch.setattr("voting.upkeep.holder.minutes._settle", breaks)
    run_minute(app, Chores().tick, AFTER)
    assert "periodic work failed: RuntimeError" in caplog.text
    assert "张建国" not in caplog.text
    with database.reading() as session:
        assert len(session.scalars(select(CheckRun)).all()) == 1


def test_a_fault_that_is_found_is_kept_and_the_desk_says_so(app, database, keys, caplog):
    whole = keep_whole(database, keys, ballots=21, more=1)
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TRIGGER urn_no_update")
        session.connection().exec_driver_sql("UPDATE urn SET leaf = zeroblob(32)")
    run_minute(app, Chores().tick, AFTER)
    with database.reading() as session:
        run = session.scalars(select(CheckRun)).one()
    assert run.findings > 20
    assert "urn_no_update" in run.first
    assert whole.round_id in caplog.text


def test_claims_are_forgotten_when_they_have_served(app, database, keys):
    made = poster_round(database, keys)
    code = code_now(keys, made)
    with database.transaction() as session:
        claim_by_screen(
            session, now=NOW, keys=keys, round_id=made.round_id, person=PERSON, code=code,
            secret=b"s" * 32,
        )  # fmt: skip
    for minutes_later, left in ((1, 1), (21, 0)):
        run_minute(app, Chores().tick, NOW + minutes_later * MINUTE)
        with database.reading() as session:
            assert len(session.scalars(select(PosterClaim)).all()) == left


@pytest.mark.parametrize("seconds", [0.01, 3600])
def test_the_threads_end_when_they_are_asked_to(app, seconds):
    names = {"pulse", "chores", "messages"}
    with minutes(app, seconds):
        assert names <= {thread.name for thread in threading.enumerate()}
    assert not names & {thread.name for thread in threading.enumerate()}
