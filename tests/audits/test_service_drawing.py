import pytest
from sqlalchemy import delete, insert, select, text, update

from tests.factories.audits import (
    CLOSED,
    drawn_of,
    make_monitor,
    make_watched_round,
    notes_of,
    refused,
    vote,
)
from tests.factories.ballots import NOW, make_cards, make_listed_elector
from voting.audits.rules import drawn_hash
from voting.audits.service import (
    NotDrawing,
    SerialsUnfit,
    TooFewCards,
    TooManyDrawn,
    cards_of,
    count_drawable,
    draw_by_hand,
    draw_by_system,
)
from voting.cards.models import BallotCard, CardBatch, DrawnCard
from voting.errors import NotFound
from voting.journal.rules import COMMAND_LINE, Actor
from voting.roll.models import Participation
from voting.rounds.service import MonitorUnfit


@pytest.fixture
def watched(session, keys):
    return make_watched_round(session, keys)


def draw(session, round, monitor, count=2, *, now=NOW, actor=COMMAND_LINE):
    return draw_by_system(
        session, now=now, actor=actor, round_id=round.id, monitor_id=monitor.id, count=count
    )


def by_hand(session, round, monitor, serials, *, now=NOW):
    return draw_by_hand(
        session, now=now, actor=COMMAND_LINE, round_id=round.id, monitor_id=monitor.id,
        serials=serials,
    )  # fmt: skip


def test_the_machine_draws_unused_bearer_cards_and_marks_nobody(session, watched, any_database):
    round, monitor = watched
    made = draw(session, round, monitor, 4)
    lines = drawn_of(session, round)
    assert (made.count, made.way, made.monitor_id) == (4, "system", monitor.id)
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert session.scalars(select(Participation)).all() == []
    said = notes_of(session, round, "tests")
    assert said == [
        {"kind": "tests", "cards": 4, "hash": drawn_hash(one.cred_hash for one in lines).hex()}
    ]


def test_a_second_draw_takes_other_cards_and_counts_on(session, watched):
    round, monitor = watched
    draw(session, round, monitor, 4)
    draw(session, round, monitor, 2)
    assert [line.number for line in drawn_of(session, round)] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(TooFewCards):
        draw(session, round, monitor, 1)


def test_assigned_spent_void_and_survey_cards_are_never_drawn(session, keys, watched, any_database):
    round, monitor = watched
    make_cards(session, keys, round.id, 1, electors=[make_listed_elector(session, round.id)])
    make_cards(session, keys, round.id, 3)
    session.execute(update(CardBatch).where(CardBatch.number == 3).values(kind="survey"))
    spent, gone = session.scalars(
        select(BallotCard.cred_hash)
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(CardBatch.number == 1)
        .limit(2)
    )
    vote(session, round, spent, (1,))
    session.execute(update(BallotCard).where(BallotCard.cred_hash == gone).values(state="void"))
    assert count_drawable(session, round.id) == 4
    draw(session, round, monitor, 4)
    assert not {spent, gone} & {line.cred_hash for line in drawn_of(session, round)}


def test_a_hand_takes_the_cards_whose_stubs_are_read_out(session, watched, any_database):
    round, monitor = watched
    made = by_hand(session, round, monitor, "01-0001-2，01—0001－5\n０1-0001-6")
    assert (made.way, made.count) == ("hand", 3)
    lines, _pages = cards_of(session, round.id)
    assert [line.serial for line in lines] == ["01-0001-2", "01-0001-5", "01-0001-6"]


def test_a_hand_hears_of_every_card_that_cannot_be_drawn_and_nothing_is_drawn(
    session, keys, watched
):
    round, monitor = watched
    make_cards(session, keys, round.id, 1, electors=[make_listed_elector(session, round.id)])
    by_hand(session, round, monitor, "01-0001-1")
    spent, gone = session.scalars(
        select(BallotCard.cred_hash).where(BallotCard.place.in_((2, 3))).order_by(BallotCard.place)
    )
    vote(session, round, spent, (1,))
    session.execute(update(BallotCard).where(BallotCard.cred_hash == gone).values(state="void"))
    typed = "01-0001-1 01-0001-2 01-0001-3 01-0001-4 01-0001-4 02-0001-1 9-9-9 卡"
    with pytest.raises(SerialsUnfit) as unfit:
        by_hand(session, round, monitor, typed)
    assert str(unfit.value.values["which"]) == (
        "01-0001-1（已经抽过）、01-0001-2（已经投过票）、01-0001-3（已经作废）、01-0001-4（填了两次）、"
        "02-0001-1（不是不记名的投票卡）、9-9-9（没有这张卡）、卡（没有这张卡）"
    )
    assert len(drawn_of(session, round)) == 1


def test_two_hundred_are_the_most_of_a_round(session, keys, watched, any_database):
    round, monitor = watched
    make_cards(session, keys, round.id, 250)
    draw(session, round, monitor, 150)
    with pytest.raises(TooManyDrawn) as many:
        draw(session, round, monitor, 51)
    assert many.value.values["left"] == 50
    made = draw(session, round, monitor, 50)
    drawn = {line.cred_hash for line in drawn_of(session, round)}
    free = next(one for one in session.scalars(select(BallotCard.cred_hash)) if one not in drawn)
    row = {"round_id": round.id, "cred_hash": free, "draw_id": made.id, "number": 201}
    refused(session, insert(DrawnCard).values(row), "ck_test_card_number")


@pytest.mark.parametrize(
    ("phase", "now"),
    [("shortlisted", NOW), ("paused", NOW), ("counting", NOW), ("voting", CLOSED)],
)
def test_cards_are_drawn_while_somebody_can_still_vote_with_them(session, keys, phase, now):
    round, monitor = make_watched_round(session, keys, phase=phase)
    with pytest.raises(NotDrawing):
        draw(session, round, monitor, now=now)


def test_a_monitor_of_another_round_or_of_yesterday_is_no_monitor(session, keys, watched):
    round, _monitor = watched
    _other, foreign = make_watched_round(session, keys)
    ended = make_monitor(session, round, name="孙柏", ended_at=NOW)
    teller = make_monitor(session, round, name="郑楠", duty="teller")
    for one in (foreign, ended, teller):
        with pytest.raises(MonitorUnfit):
            draw(session, round, one)


def test_an_officer_of_another_area_finds_no_round(session, watched):
    round, monitor = watched
    with pytest.raises(NotFound):
        draw(session, round, monitor, actor=Actor("o", "某人", "elsewhere/"))


@pytest.mark.parametrize("state", ["spent", "void"])
def test_the_database_itself_draws_no_card_that_is_used(session, watched, state, any_database):
    round, monitor = watched
    made = draw(session, round, monitor, 1)
    free = session.scalars(
        select(BallotCard).where(BallotCard.cred_hash != drawn_of(session, round)[0].cred_hash)
    ).first()
    session.execute(
        update(BallotCard).where(BallotCard.cred_hash == free.cred_hash).values(state=state)
    )
    row = {"round_id": round.id, "cred_hash": free.cred_hash, "draw_id": made.id, "number": 9}
    refused(session, insert(DrawnCard).values(row), "only an unused bearer card is drawn")
    row |= {"slot": b"s" * 32, "choices": "[1]"}
    refused(session, insert(DrawnCard).values(row), "nothing is written down|only an unused")


def test_a_draw_is_never_taken_back(session, watched, any_database):
    round, monitor = watched
    draw(session, round, monitor, 1)
    never = "a draw is never taken back"
    refused(session, delete(DrawnCard), never)
    refused(session, update(DrawnCard).values(number=7), never)
    refused(session, text("DELETE FROM test_draw"), never)
    refused(session, text("UPDATE test_draw SET count = 9"), never)
