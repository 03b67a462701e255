import json
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.factories.assisting import accompany, exchange_for_help, make_helped
from tests.factories.ballots import NOW, make_cards
from voting.ballots.models import UrnEntry
from voting.ballots.rules import VotingClosed
from voting.ballots.service import cast, load_paper
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.paper.models import AssistedBallot, AssistedSession
from voting.paper.service.assisted_casting import NotAccompanied, cast_assisted
from voting.paper.service.assisting import (
    AssistedStruck,
    AssistGone,
    AssistOff,
    HelpedByOther,
    HoldsUnused,
    SecondMustBeOther,
    cancel_assisting,
    confirm_presence,
    start_assisting,
)
from voting.roll.models import Channel, Elector, Participation
from voting.roll.service import RightAlreadyUsed, mark_participation


@pytest.fixture
def helped(session, keys, any_database):
    return make_helped(session, keys)


def start(session, helped, *, by=None, now=NOW, place="desk"):
    start_assisting(
        session, now=now, actor=(by or helped.first).actor, round_id=helped.round.id,
        elector_id=helped.elector_id, place=place,
    )  # fmt: skip


def confirm(session, helped, *, by=None, now=NOW):
    confirm_presence(
        session, now=now, actor=(by or helped.second).actor, round_id=helped.round.id,
        elector_id=helped.elector_id,
    )  # fmt: skip


def vote(session, helped, *, by=None, now=NOW, nonce=None, choices=(1, 2)):
    return cast_assisted(
        session, now=now, actor=(by or helped.first).actor, paper=load_paper(session, helped.round.id),
        elector_id=helped.elector_id, nonce=nonce or secrets.token_bytes(16), choices=choices,
    )  # fmt: skip


def ballots(session):
    return session.scalar(select(func.count()).select_from(UrnEntry))


def mark(session, helped):
    return session.execute(select(Participation.channel, Participation.day)).one_or_none()


def test_two_officers_and_a_person_make_one_ballot_and_one_mark(session, helped):
    start(session, helped, place="home")
    confirm(session, helped)
    vote(session, helped)
    assert ballots(session) == 1
    assert mark(session, helped).channel == "assisted"
    assert session.scalars(select(AssistedSession)).all() == []
    row = session.scalars(select(AssistedBallot)).one()
    assert (row.first_by, row.second_by) == (helped.first.id, helped.second.id)
    assert row.slot == session.scalars(select(UrnEntry.slot)).one()


def test_the_journal_says_who_helped_and_where_and_never_whom_with_what(session, helped):
    start(session, helped, place="home")
    confirm(session, helped)
    receipt = vote(session, helped)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "paper.assist")).one()
    assert json.loads(entry.details) == {"place": "home", "second": helped.second.id}
    assert (entry.actor_id, entry.object_id) == (helped.first.id, helped.round.id)
    said = " ".join(map(str, session.execute(select(JournalEntry.__table__)).all()))
    assert helped.elector_id not in said
    assert receipt.code not in said


def test_without_a_second_officer_nothing_is_cast(session, helped):
    start(session, helped)
    with pytest.raises(NotAccompanied):
        vote(session, helped)
    assert ballots(session) == 0
    assert mark(session, helped) is None


def test_the_first_officer_is_not_the_second(session, helped):
    start(session, helped)
    with pytest.raises(SecondMustBeOther):
        confirm(session, helped, by=helped.first)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE assisted_session SET second_by = first_by"))


def test_nobody_confirms_twice_or_what_is_not_there(session, helped):
    with pytest.raises(AssistGone):
        confirm(session, helped)
    accompany(session, helped)
    with pytest.raises(AssistGone):
        confirm(session, helped)


def test_only_the_first_officer_casts(session, helped):
    accompany(session, helped)
    with pytest.raises(AssistGone):
        vote(session, helped, by=helped.second)


def test_a_second_tap_gets_the_same_receipt_and_makes_no_second_ballot(session, helped):
    accompany(session, helped)
    nonce = secrets.token_bytes(16)
    first = vote(session, helped, nonce=nonce)
    again = vote(session, helped, nonce=nonce, choices=(3,))
    assert (again.code, again.again) == (first.code, True)
    with pytest.raises(AssistGone):
        vote(session, helped)
    assert ballots(session) == 1


def test_another_officer_does_not_begin_with_the_same_person_and_the_same_one_may(session, helped):
    start(session, helped)
    start(session, helped)
    with pytest.raises(HelpedByOther):
        start(session, helped, by=helped.second)


def test_a_session_dies_at_the_end_of_its_day(session, helped):
    accompany(session, helped)
    tomorrow = NOW + timedelta(days=1)
    with pytest.raises(AssistGone):
        vote(session, helped, now=tomorrow)
    start(session, helped, by=helped.second, now=tomorrow)
    row = session.scalars(select(AssistedSession)).one()
    assert (row.first_by, row.second_by) == (helped.second.id, None)


def test_a_cancelled_session_gives_no_ballot(session, helped):
    accompany(session, helped)
    about = {"round_id": helped.round.id, "elector_id": helped.elector_id}
    cancel_assisting(session, now=NOW, actor=helped.second.actor, **about)
    with pytest.raises(AssistGone):
        vote(session, helped)
    with pytest.raises(AssistGone):
        cancel_assisting(session, now=NOW, actor=helped.second.actor, **about)
    assert mark(session, helped) is None


@pytest.mark.parametrize(
    ("channel", "refusal"),
    [
        (Channel.CARD_HANDED, HoldsUnused), (Channel.PAPER_HANDED, HoldsUnused),
        (Channel.CARD_CAST, RightAlreadyUsed), (Channel.ASSISTED, RightAlreadyUsed),
        (Channel.POSTER, RightAlreadyUsed),
    ],
)  # fmt: skip
def test_who_has_used_their_right_hears_so_before_anybody_chooses(session, keys, channel, refusal):
    helped = make_helped(session, keys)
    mark_participation(
        session, round_id=helped.round.id, elector_id=helped.elector_id, channel=channel,
        day=NOW.date(),
    )  # fmt: skip
    with pytest.raises(refusal):
        start(session, helped)


def test_a_right_that_was_used_meanwhile_is_found_at_casting(session, helped):
    accompany(session, helped)
    mark_participation(
        session, round_id=helped.round.id, elector_id=helped.elector_id, channel=Channel.PAPER_HANDED,
        day=NOW.date(),
    )  # fmt: skip
    with pytest.raises(RightAlreadyUsed):
        vote(session, helped)


def test_the_assigned_card_of_somebody_who_was_helped_casts_nothing(session, keys, helped):
    (card,) = make_cards(session, keys, helped.round.id, electors=[helped.elector_id])
    accompany(session, helped)
    vote(session, helped)
    helped.round.check_code = True
    with pytest.raises(RightAlreadyUsed):
        cast(
            session, now=NOW, paper=load_paper(session, helped.round.id), cred_hash=card.cred_hash,
            nonce=secrets.token_bytes(16), choices=(1,), check_hmac=None,
        )  # fmt: skip


def test_after_an_exchange_the_session_is_the_right_and_is_used_once(session, helped):
    exchange_for_help(session, helped)
    confirm(session, helped)
    vote(session, helped)
    assert mark(session, helped).channel == "assisted"
    with pytest.raises(RightAlreadyUsed):
        start(session, helped)
    with pytest.raises(AssistGone):
        vote(session, helped)
    assert ballots(session) == 1


def test_the_session_of_an_exchange_outlives_its_day_and_a_change_of_mind(session, helped):
    exchange_for_help(session, helped)
    confirm(session, helped)
    about = {"round_id": helped.round.id, "elector_id": helped.elector_id}
    cancel_assisting(session, now=NOW, actor=helped.first.actor, **about)
    tomorrow = NOW + timedelta(days=1)
    start(session, helped, by=helped.second, now=tomorrow)
    confirm(session, helped, by=helped.first, now=tomorrow)
    vote(session, helped, by=helped.second, now=tomorrow)
    assert ballots(session) == 1


def test_the_database_refuses_a_marked_session_that_no_exchange_led_to(session, helped):
    session.add(
        AssistedSession(
            round_id=helped.round.id, elector_id=helped.elector_id, first_by=helped.first.id,
            place="desk", day=NOW.date(), marked=True,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_refuses_to_turn_a_session_into_a_right(session, helped):
    start(session, helped)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE assisted_session SET marked = true"))


def test_nobody_is_helped_where_the_channel_is_off_or_the_vote_is_not_on(session, keys):
    off = make_helped(session, keys)
    # Frozen with the rules: only a test may change it.
    session.execute(text("DROP TRIGGER round_frozen"))
    off.round.channels = "card,paper"
    session.flush()
    with pytest.raises(AssistOff):
        start(session, off)
    late = make_helped(session, keys)
    with pytest.raises(VotingClosed):
        start(session, late, now=NOW + timedelta(days=7))


def test_a_struck_person_and_one_of_another_round_are_not_helped(session, keys):
    helped, other = make_helped(session, keys), make_helped(session, keys)
    with pytest.raises(NotFound):
        start_assisting(
            session, now=NOW, actor=helped.first.actor, round_id=helped.round.id,
            elector_id=other.elector_id, place="desk",
        )  # fmt: skip
    session.execute(text("DROP TRIGGER elector_frozen_update"))
    session.get_one(Elector, (helped.round.id, helped.elector_id)).struck_at = NOW
    session.flush()
    with pytest.raises(AssistedStruck):
        start(session, helped)
