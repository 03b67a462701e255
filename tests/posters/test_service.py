"""Claims as services know them: who proves themselves, who does not, and who casts."""

import pytest
from sqlalchemy import event, select

from tests.factories.ballots import NOW
from tests.factories.posters import (
    NAME,
    PERSON,
    code_now,
    list_resident,
    poster_round,
)
from tests.factories.roll import identity_number
from tests.posters.claims import (
    LATER,
    OTHER,
    SECRET,
    WRONG_NAME,
    by_message,
    by_screen,
    cast,
    count,
    tries,
    wrong_code,
)
from voting.ballots.models import UrnEntry
from voting.ballots.rules import NothingChosen
from voting.errors import NotFound
from voting.persistence import triggers
from voting.persistence.guards import GUARDS
from voting.posters.models import PosterClaim
from voting.posters.rules import ClaimGone, NotClaiming, NotProven, Person
from voting.posters.service import (
    claim_hash,
    is_proven,
    use_claim,
)
from voting.roll.models import Elector, Participation
from voting.roll.service import RightAlreadyUsed
from voting.rounds.models import Round


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
