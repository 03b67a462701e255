"""Claims as services know them: who proves themselves, who does not, and what is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from tests.factories.ballots import NOW, keyring
from tests.factories.posters import (
    NAME,
    NUMBER,
    PERSON,
    PHONE,
    code_now,
    list_resident,
    poster_round,
)
from tests.factories.roll import identity_number
from voting.ballots.models import UrnEntry
from voting.ballots.rules import NothingChosen
from voting.ballots.service import cast_by_claim, load_paper
from voting.errors import NotFound
from voting.persistence import triggers
from voting.persistence.guards import GUARDS
from voting.posters.models import IdentityTry, PosterClaim, ShortMessage
from voting.posters.rules import ClaimGone, NotClaiming, NotProven, Person
from voting.posters.service import (
    answer_message,
    claim_by_message,
    claim_by_screen,
    claim_hash,
    forget_claims,
    is_proven,
    settle_message,
    take_message,
    use_claim,
    waiting_messages,
)
from voting.roll.models import Elector, Participation
from voting.roll.service import RightAlreadyUsed
from voting.rounds.models import Round

SECRET = b"s" * 32
OTHER = Person(NAME, identity_number(order=7))
WRONG_NAME = Person("李四", NUMBER)
LATER = NOW + timedelta(minutes=21)


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


@pytest.fixture
def made(database, keys):
    return poster_round(database, keys, factors="screen,sms")


def by_screen(database, keys, made, person=PERSON, code=None, *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        claim_by_screen(
            session, now=now, keys=keys, round_id=made.round_id, person=person,
            code=code or code_now(keys, made, now), secret=secret,
        )  # fmt: skip


def wrong_code(keys, made):
    return f"{(int(code_now(keys, made)) + 1) % 10**6:06}"


def tries(database):
    with database.reading() as session:
        return [row.fails for row in session.scalars(select(IdentityTry))]


def cast(database, made, *, secret=SECRET, nonce=b"n" * 16, choices=(1,), now=NOW):
    with database.transaction() as session:
        return cast_by_claim(
            session, now=now, paper=load_paper(session, made.round_id),
            claim_hash=claim_hash(secret), nonce=nonce, choices=choices,
        )  # fmt: skip


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_name_number_and_the_code_of_the_minute_prove_a_person(any_database, database, keys, made):
    by_screen(database, keys, made)
    with database.reading() as session:
        assert is_proven(session, made.round_id, claim_hash(SECRET), NOW)
        assert not is_proven(session, made.round_id, claim_hash(SECRET), LATER)
    assert tries(database) == [0]


@pytest.mark.parametrize("person", [OTHER, WRONG_NAME, PERSON])
def test_wrong_claims_are_refused_alike_and_five_of_them_lock(database, keys, made, person):
    code = wrong_code(keys, made) if person is PERSON else code_now(keys, made)
    for number in range(7):
        with pytest.raises(NotProven):
            by_screen(database, keys, made, person, code)
        assert tries(database) == [min(number + 1, 5)]
    if person is PERSON:
        with pytest.raises(NotProven):
            by_screen(database, keys, made)
    assert count(database, PosterClaim) == 0


def test_a_right_claim_takes_no_try_back_and_costs_none(database, keys, made):
    for _ in range(4):
        with pytest.raises(NotProven):
            by_screen(database, keys, made, code=wrong_code(keys, made))
    by_screen(database, keys, made)
    by_screen(database, keys, made, secret=b"t" * 32)
    assert tries(database) == [4]


def test_tries_are_counted_for_a_name_and_what_cannot_be_guessed_of_a_number(database, keys, made):
    for order in (11, 12, 13, 14, 15):
        guessed = Person(NAME, identity_number(order=order))
        with pytest.raises(NotProven):
            by_screen(database, keys, made, guessed)
    assert tries(database) == [5]
    with pytest.raises(NotProven):
        by_screen(database, keys, made)


def test_capitals_and_spaces_make_no_other_person(database, keys, made):
    with database.transaction() as session:
        round = session.get_one(Round, made.round_id)
        list_resident(session, keys, round, name="Anna Smith", number=OTHER.number)
    by_screen(database, keys, made, Person("ANNA SMITH", OTHER.number))


def test_who_was_struck_is_not_on_the_roll_and_casts_no_more(database, keys, made):
    by_screen(database, keys, made)
    strike(database, made)
    with pytest.raises(NotProven):
        by_screen(database, keys, made, secret=b"t" * 32)
    with pytest.raises(ClaimGone):
        cast(database, made)


def strike(database, made):
    guards = [guard for guard in GUARDS if guard.name == "elector_frozen_update"]
    with database.transaction() as session:
        triggers.drop(session.connection(), guards)
        session.get_one(Elector, (made.round_id, made.elector_id)).struck_at = NOW
        session.flush()
        triggers.create(session.connection(), guards)


def test_that_a_right_was_used_is_said_only_after_both_factors(database, keys, made):
    by_screen(database, keys, made)
    cast(database, made)
    with pytest.raises(NotProven):
        by_screen(database, keys, made, code=wrong_code(keys, made))
    with pytest.raises(RightAlreadyUsed):
        by_screen(database, keys, made)


def test_where_nobody_votes_nobody_claims(database, keys):
    paused = poster_round(database, keys, phase="paused")
    with pytest.raises(NotClaiming):
        by_screen(database, keys, paused)


def test_a_round_proves_people_only_in_its_own_ways(database, keys):
    made = poster_round(database, keys, factors="sms")
    with pytest.raises(NotFound):
        by_screen(database, keys, made)


def test_casting_uses_the_right_and_deletes_the_claim(any_database, database, keys, made):
    by_screen(database, keys, made)
    receipt = cast(database, made)
    assert not receipt.again
    with database.reading() as session:
        (mark,) = session.scalars(select(Participation)).all()
    assert (mark.elector_id, mark.channel) == (made.elector_id, "poster")
    assert (count(database, UrnEntry), count(database, PosterClaim)) == (1, 0)


def test_a_ballot_sent_again_finds_its_receipt_and_another_browser_does_not(database, keys, made):
    by_screen(database, keys, made)
    receipt = cast(database, made)
    for choices in ((1,), (2, 3), ()):
        again = cast(database, made, choices=choices)
        assert (again.code, again.again) == (receipt.code, True)
    with pytest.raises(ClaimGone):
        cast(database, made, nonce=b"m" * 16)
    assert count(database, UrnEntry) == 1


def test_two_claims_of_one_person_give_one_ballot(database, keys, made):
    by_screen(database, keys, made)
    by_screen(database, keys, made, secret=b"t" * 32)
    cast(database, made)
    with pytest.raises(RightAlreadyUsed):
        cast(database, made, secret=b"t" * 32, nonce=b"m" * 16)
    assert count(database, UrnEntry) == 1


def test_choices_that_do_not_do_leave_the_claim_as_it_was(database, keys, made):
    by_screen(database, keys, made)
    with pytest.raises(NothingChosen):
        cast(database, made, choices=())
    cast(database, made)


def test_an_expired_claim_casts_nothing(database, keys, made):
    by_screen(database, keys, made)
    with pytest.raises(ClaimGone):
        cast(database, made, now=LATER)
    by_screen(database, keys, made, secret=b"t" * 32, now=LATER)
    cast(database, made, secret=b"t" * 32, now=LATER)


def test_a_waiting_claim_casts_nothing(database, keys, made):
    by_message(database, keys, made)
    with database.transaction() as session:
        assert use_claim(session, made.round_id, claim_hash(SECRET), NOW) is None


# --- short messages ---------------------------------------------------------------------------------


def by_message(database, keys, made, person=PERSON, *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        claim_by_message(
            session, now=now, keys=keys, round_id=made.round_id, person=person, code="123456",
            secret=secret,
        )  # fmt: skip


def answer(database, keys, made, code="123456", *, secret=SECRET, now=NOW):
    with database.transaction() as session:
        answer_message(
            session, now=now, keys=keys, round_id=made.round_id, secret=secret, code=code
        )


def outgoing(database, keys):
    """Take everything that waits, as the sending process would."""
    with database.reading() as session:
        waiting = waiting_messages(session, now=NOW)
    taken = []
    for id in waiting:
        with database.transaction() as session:
            taken.append(take_message(session, keys, id))
    return [message for message in taken if message]


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


# --- what is forgotten ------------------------------------------------------------------------------


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


# --- the same work ----------------------------------------------------------------------------------


def statements(database, act):
    """Return the statements of an act that is refused, without their values."""
    said = []

    def listen(_conn, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        with pytest.raises(NotProven):
            act()
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)
    return said


def test_every_wrong_claim_runs_the_same_statements(any_database, database, keys, made):
    locked = Person("王五", identity_number(order=9))
    for _ in range(5):
        with pytest.raises(NotProven):
            by_screen(database, keys, made, locked)
    cases = ((OTHER, None), (WRONG_NAME, None), (locked, None), (PERSON, wrong_code(keys, made)))
    said = [
        statements(database, lambda: by_screen(database, keys, made, person, code))  # noqa: B023 -- called at once
        for person, code in cases
    ]
    assert all(one == said[0] for one in said)
    assert len(said[0]) in {4, 5}
    changed = [sum(word.startswith(("INSERT", "UPDATE")) for word in one) for one in said]
    assert changed == [1, 1, 1, 1]
