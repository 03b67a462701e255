"""The second factor by short message, and what is forgotten of claims."""

import pytest
from sqlalchemy import select

from tests.factories.ballots import NOW
from tests.factories.posters import (
    PHONE,
    poster_round,
)
from tests.posters.claims import (
    LATER,
    OTHER,
    WRONG_NAME,
    answer,
    by_message,
    by_screen,
    cast,
    count,
    outgoing,
    tries,
    wrong_code,
)
from voting.posters.models import IdentityTry, PosterClaim, ShortMessage
from voting.posters.rules import ClaimGone, NotProven
from voting.posters.service import (
    forget_claims,
    settle_message,
)
from voting.rounds.models import Round


def test_what_the_short_message_said_proves_a_person(any_database, database, keys, made):
    by_message(database, keys, made)
    (message,) = outgoing(database, keys)
    assert (message.to, message.code) == (PHONE, "123456")
    with database.transaction() as session:
        settle_message(session, message.id, sent=True)
    with database.reading() as session:
        (row,) = session.scalars(select(ShortMessage)).all()
    assert (row.state, row.sealed) == ("sent", None)
    answer(database, keys, made)
    cast(database, made)


@pytest.mark.parametrize("person", [OTHER, WRONG_NAME])
def test_who_is_not_on_the_roll_waits_for_a_message_that_never_goes(database, keys, made, person):
    by_message(database, keys, made, person)
    assert (count(database, PosterClaim), count(database, ShortMessage)) == (1, 1)
    assert outgoing(database, keys) == []
    assert count(database, ShortMessage) == 0
    with pytest.raises(NotProven):
        answer(database, keys, made)
    assert tries(database) == [1]


@pytest.mark.parametrize("phone", [None, "079186543210"])
def test_a_telephone_that_takes_no_messages_is_sent_none(database, keys, phone):
    made = poster_round(database, keys, factors="sms", phone=phone)
    by_message(database, keys, made)
    assert outgoing(database, keys) == []


def test_five_wrong_answers_lock_whoever_is_claimed_however_often_they_claim(database, keys, made):
    for number in range(6):
        secret = bytes([number]) * 32
        by_message(database, keys, made, secret=secret)
        with pytest.raises(NotProven):
            answer(database, keys, made, "000000", secret=secret)
    assert tries(database) == [5]
    by_message(database, keys, made)
    with pytest.raises(NotProven):
        answer(database, keys, made)


def test_nobody_is_sent_more_than_five_messages(database, keys, made):
    for number in range(8):
        by_message(database, keys, made, secret=bytes([number]) * 32)
    assert len(outgoing(database, keys)) == 5


def test_a_locked_person_is_sent_no_message(database, keys, made):
    for _ in range(5):
        with pytest.raises(NotProven):
            by_screen(database, keys, made, code=wrong_code(keys, made))
    by_message(database, keys, made)
    assert outgoing(database, keys) == []


def test_an_answer_after_twenty_minutes_or_from_another_browser_is_too_late(database, keys, made):
    by_message(database, keys, made)
    with pytest.raises(ClaimGone):
        answer(database, keys, made, now=LATER)
    with pytest.raises(ClaimGone):
        answer(database, keys, made, secret=b"x" * 32)
    assert tries(database) == [0]


def test_a_message_that_fails_three_times_is_given_up_and_emptied(database, keys, made):
    by_message(database, keys, made)
    for _ in range(3):
        (message,) = outgoing(database, keys)
        with database.transaction() as session:
            settle_message(session, message.id, sent=False)
    assert outgoing(database, keys) == []
    with database.reading() as session:
        (row,) = session.scalars(select(ShortMessage)).all()
    assert (row.state, row.sealed) == ("failed", None)


def forget(database, now):
    with database.transaction() as session:
        return forget_claims(session, now=now)


def test_expired_claims_go_and_the_others_stay(any_database, database, keys, made):
    by_screen(database, keys, made)
    by_message(database, keys, made, secret=b"t" * 32, now=LATER)
    assert forget(database, NOW) == 0
    assert forget(database, LATER) == 1
    assert count(database, PosterClaim) == 1


def test_nothing_of_a_claim_outlives_the_vote(database, keys, made):
    by_screen(database, keys, made)
    by_message(database, keys, made, secret=b"t" * 32)
    with database.transaction() as session:
        session.get_one(Round, made.round_id).phase = "counting"
    assert forget(database, NOW) == 2
    for table in (PosterClaim, IdentityTry, ShortMessage):
        assert count(database, table) == 0


def test_a_message_nobody_sent_in_time_is_emptied(database, keys, made):
    by_message(database, keys, made)
    forget(database, LATER)
    with database.reading() as session:
        (row,) = session.scalars(select(ShortMessage)).all()
    assert (row.state, row.sealed) == ("failed", None)
