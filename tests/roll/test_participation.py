import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from tests.factories.roll import NOW, make_elector, make_round
from voting.errors import NotFound, Refusal
from voting.journal.models import JournalEntry
from voting.journal.rules import Actor
from voting.persistence.session import Database
from voting.roll.models import Channel, Participation
from voting.roll.service import (
    ElectorStruck,
    NotHandingOut,
    NothingToUndo,
    RightAlreadyUsed,
    RollCounts,
    hand_out,
    mark_participation,
    marked_by_day,
    roll_counts,
    undo_hand_out,
)

WORKER = Actor(id="worker", name="社区工作者", area_path="")
TODAY = date(2026, 11, 23)
TAPS = 12


def hand(session: Session, round_id: str, elector_id: str, now: datetime = NOW) -> None:
    hand_out(session, now=now, round_id=round_id, elector_id=elector_id)


def undo(session: Session, round_id: str, elector_id: str, now: datetime = NOW) -> None:
    undo_hand_out(
        session, now=now, actor=WORKER, round_id=round_id, elector_id=elector_id, reason="returned"
    )


def marks(session: Session) -> list[tuple[str, str, date]]:
    rows = session.execute(
        select(Participation.elector_id, Participation.channel, Participation.day)
    )
    return [(elector_id, channel, day) for elector_id, channel, day in rows]


def test_handing_out_marks_the_right_as_used_on_that_day(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id)
    assert marks(session) == [(elector.elector_id, "card_handed", TODAY)]
    assert roll_counts(session, round.id) == RollCounts(listed=1, marked=1)
    assert marked_by_day(session, round.id) == {TODAY: 1}
    undo(session, round.id, elector.elector_id)
    assert marked_by_day(session, round.id) == {}


def test_the_day_is_that_of_shanghai(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id, datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert marks(session)[0][2] == date(2026, 11, 24)


def test_handing_out_leaves_no_moment_anywhere(session: Session) -> None:
    round = make_round(session, frozen=True)
    hand(session, round.id, make_elector(session, round.id).elector_id)
    assert session.scalar(select(JournalEntry)) is None


def test_a_second_card_is_refused(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id)
    with pytest.raises(RightAlreadyUsed):
        hand(session, round.id, elector.elector_id)
    assert len(marks(session)) == 1


@pytest.mark.parametrize("channel", list(Channel))
def test_whichever_channel_is_first_wins(session: Session, channel: Channel) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    facts = {"round_id": round.id, "elector_id": elector.elector_id}
    mark_participation(session, channel=channel, day=TODAY, **facts)
    for other in Channel:
        with pytest.raises(RightAlreadyUsed):
            mark_participation(session, channel=other, day=TODAY, **facts)
    assert marks(session) == [(elector.elector_id, channel.value, TODAY)]


@pytest.mark.parametrize(
    ("phase", "after_opening", "allowed"),
    [
        pytest.param("vote_announced", timedelta(days=-1), True, id="announced"),
        pytest.param("vote_announced", timedelta(0), True, id="opens"),
        pytest.param("voting", timedelta(days=7, seconds=-1), True, id="last second"),
        pytest.param("voting", timedelta(days=7), False, id="closes"),
        pytest.param("paused", timedelta(days=1), False, id="paused"),
        pytest.param("counting", timedelta(days=1), False, id="counting"),
        pytest.param("terminated", timedelta(days=1), False, id="ended"),
    ],
)
def test_cards_are_handed_out_from_the_announcement_until_voting_ends(
    session: Session, phase: str, after_opening: timedelta, *, allowed: bool
) -> None:
    before = "voting" if phase == "paused" else None
    round = make_round(session, frozen=True, phase=phase, phase_before_pause=before)
    elector = make_elector(session, round.id)
    moment = round.opens_at + after_opening
    if allowed:
        hand(session, round.id, elector.elector_id, moment)
        undo(session, round.id, elector.elector_id, moment)
    else:
        for act in (hand, undo):
            with pytest.raises(NotHandingOut):
                act(session, round.id, elector.elector_id, moment)


def test_before_the_announcement_no_card_is_handed_out(session: Session) -> None:
    round = make_round(session, phase="shortlisted")
    elector = make_elector(session, round.id)
    with pytest.raises(NotHandingOut):
        hand(session, round.id, elector.elector_id)


def test_a_person_of_another_round_and_one_who_is_not_there_look_alike(session: Session) -> None:
    round, other = make_round(session, frozen=True), make_round(session, frozen=True)
    elector = make_elector(session, other.id)
    for elector_id in (elector.elector_id, "nobody", ""):
        with pytest.raises(NotFound):
            hand(session, round.id, elector_id)
    assert marks(session) == []


def test_whoever_was_struck_gets_no_card(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id, struck_at=NOW, struck_reason="迁出")
    with pytest.raises(ElectorStruck):
        hand(session, round.id, elector.elector_id)
    assert roll_counts(session, round.id).listed == 0


def test_a_hand_out_is_undone_on_the_same_day_and_may_be_made_again(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id)
    undo(session, round.id, elector.elector_id)
    assert marks(session) == []
    hand(session, round.id, elector.elector_id)
    assert len(marks(session)) == 1


def test_an_undoing_is_journalled_with_the_reason_and_the_electors_id_only(
    session: Session,
) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id)
    undo(session, round.id, elector.elector_id)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.object_kind, entry.object_id) == (
        "roll.undo_hand_out", "elector", elector.elector_id,
    )  # fmt: skip
    assert json.loads(entry.details) == {"reason": "returned", "round_id": round.id}


def test_nothing_is_undone_twice_or_on_another_day_or_for_nobody(session: Session) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    hand(session, round.id, elector.elector_id)
    for elector_id, moment in ((elector.elector_id, NOW + timedelta(days=1)), ("nobody", NOW)):
        with pytest.raises(NothingToUndo):
            undo(session, round.id, elector_id, moment)
    undo(session, round.id, elector.elector_id)
    with pytest.raises(NothingToUndo):
        undo(session, round.id, elector.elector_id)


@pytest.mark.parametrize(
    "channel", [channel for channel in Channel if channel is not Channel.CARD_HANDED]
)
def test_a_vote_is_never_undone_here(session: Session, channel: Channel) -> None:
    round = make_round(session, frozen=True)
    elector = make_elector(session, round.id)
    facts = {"round_id": round.id, "elector_id": elector.elector_id}
    mark_participation(session, channel=channel, day=TODAY, **facts)
    with pytest.raises(NothingToUndo):
        undo(session, round.id, elector.elector_id)


Tap = Callable[[Database, str, str, threading.Barrier], None]


def race(database: Database, tap: Tap) -> tuple[int, int]:
    """Tap twelve times at once for each of five people; return how often it worked, and the rows."""
    with database.transaction() as session:
        round_id = make_round(session, frozen=True).id
        people = [make_elector(session, round_id).elector_id for _ in range(5)]

    def tried(elector_id: str, start: threading.Barrier) -> bool:
        try:
            tap(database, round_id, elector_id, start)
        except Refusal:
            return False
        return True

    worked = 0
    with ThreadPoolExecutor(TAPS) as pool:
        for elector_id in people:
            start = threading.Barrier(TAPS, timeout=30)
            taps = [pool.submit(tried, elector_id, start) for _ in range(TAPS)]
            worked += sum(tap.result() for tap in taps)
    with database.reading() as session:
        return worked, len(marks(session))


def guarded(database: Database, round_id: str, elector_id: str, start: threading.Barrier) -> None:
    start.wait()
    with database.transaction() as session:
        hand(session, round_id, elector_id)


def unguarded(database: Database, round_id: str, elector_id: str, start: threading.Barrier) -> None:
    """The twin: looks first and inserts afterwards, into a table without its key."""
    with database.reading() as session:
        taken = session.execute(
            select(Participation.day).where(Participation.elector_id == elector_id)
        ).first()
    start.wait()
    if taken:
        raise RightAlreadyUsed
    with database.transaction() as session:
        session.execute(
            insert(Participation).values(
                round_id=round_id, elector_id=elector_id, channel="card_handed", day=TODAY
            )
        )


@pytest.mark.usefixtures("any_database")
def test_of_many_taps_at_once_one_counts(database: Database) -> None:
    assert race(database, guarded) == (5, 5)


@pytest.mark.usefixtures("any_database")
def test_the_race_is_seen_when_the_guard_is_removed(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DROP TABLE participation"))
        session.execute(
            text(
                "CREATE TABLE participation (round_id TEXT, elector_id TEXT, channel TEXT, day DATE)"
            )
        )
    worked, rows = race(database, unguarded)
    assert worked == rows > 5
