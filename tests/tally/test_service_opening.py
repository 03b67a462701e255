from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import make_officer
from tests.factories.areas import make_area
from tests.factories.ballots import NOW, make_cards
from tests.factories.tally import (
    CLOSED,
    make_closed_round,
    make_openers,
    open_by_two,
)
from voting.ballots.rules import VotingClosed
from voting.ballots.service import cast, load_paper
from voting.cards.service import check_code_hmac
from voting.errors import NotAllowed, NotFound
from voting.journal.models import JournalEntry
from voting.permissions import Role
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.tally.models import UrnOpening
from voting.tally.service import (
    AlreadyOpened,
    NotCounting,
    OpensByItself,
    SameOfficer,
    VotingStillOn,
    approve_opening,
    count,
    find_opening,
    urn_size,
)


def approve(session, officer, round, *, now=NOW):
    return approve_opening(session, now=now, officer_id=officer.id, round_id=round.id)


def counting(session, keys, round, *, now=NOW):
    return count(session, now=now, keys=keys, round_id=round.id)


def test_one_officer_asks_and_another_confirms(session, closed):
    first, second = make_openers(session, closed.area)
    assert approve(session, first, closed).second_officer is None
    opening = approve(session, second, closed, now=NOW + timedelta(minutes=1))
    assert (opening.first_officer, opening.second_officer) == (first.id, second.id)
    assert opening.second_at == NOW + timedelta(minutes=1)


def test_the_same_officer_cannot_confirm(session, closed):
    first, _second = make_openers(session, closed.area)
    approve(session, first, closed)
    with pytest.raises(SameOfficer):
        approve(session, first, closed)
    opening = find_opening(session, closed.id)
    assert opening is not None
    assert opening.second_officer is None


def test_a_third_officer_hears_that_it_is_open(session, closed):
    open_by_two(session, closed)
    third = make_openers(session, closed.area, 3)[2]
    with pytest.raises(AlreadyOpened):
        approve(session, third, closed)


def test_the_database_itself_knows_no_single_opener(session, closed):
    officer = make_openers(session, closed.area, 1)[0]
    session.add(
        UrnOpening(
            round_id=closed.id, first_officer=officer.id, first_at=NOW,
            second_officer=officer.id, second_at=NOW,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_officer_of_another_area_finds_no_round(session, closed):
    stranger = make_openers(session, make_area(session), 1)[0]
    with pytest.raises(NotFound):
        approve(session, stranger, closed)


@pytest.mark.parametrize(
    "role", [Role.COMMUNITY_WORKER, Role.ADMINISTRATOR, Role.AUDITOR, Role.DISTRICT_OBSERVER]
)
def test_only_some_roles_open_urns(session, keys, role):
    round = make_closed_round(session, keys)
    officer = make_officer(session, area=round.area, role=role)
    with pytest.raises(NotAllowed):
        approve(session, officer, round)


def test_a_retired_officer_opens_nothing(session, keys):
    round = make_closed_round(session, keys)
    officer = make_openers(session, round.area, 1)[0]
    officer.retired_at = NOW
    session.flush()
    with pytest.raises(NotAllowed):
        approve(session, officer, round)


def test_nobody_opens_before_voting_has_ended(session, closed):
    officer = make_openers(session, closed.area, 1)[0]
    with pytest.raises(VotingStillOn):
        approve(session, officer, closed, now=CLOSED - timedelta(seconds=1))
    approve(session, officer, closed, now=CLOSED)


@pytest.mark.parametrize("phase", ["paused", "terminated", "publicity", "vote_void"])
def test_a_round_that_is_not_counting_is_not_opened(session, keys, phase):
    round = make_closed_round(session, keys, phase=phase)
    officer = make_openers(session, round.area, 1)[0]
    with pytest.raises(NotCounting):
        approve(session, officer, round)


def test_loaded_data_has_no_officers(session, keys):
    round = make_closed_round(session, keys, phase="counting")
    session.execute(text("DROP TRIGGER round_frozen"))
    round.kind = "loaded"
    session.flush()
    with pytest.raises(OpensByItself):
        approve(session, make_openers(session, round.area, 1)[0], round)


def test_asking_writes_the_end_of_voting_down_so_that_late_ballots_are_refused(
    session, keys, closed
):
    card = make_cards(session, keys, closed.id)[0]
    approve(session, make_openers(session, closed.area, 1)[0], closed)
    session.expire_all()
    assert session.get_one(Round, closed.id).phase == Phase.COUNTING
    late = CLOSED - timedelta(seconds=1)  # a request that began in time and comes through too late
    with pytest.raises(VotingClosed):
        cast(
            session, now=late, paper=load_paper(session, closed.id), cred_hash=card.cred_hash,
            nonce=b"n" * 16, choices=[1],
            check_hmac=check_code_hmac(keys.card_key(), card.cred_hash, card.check_code),
        )  # fmt: skip
    assert urn_size(session, closed.id) == 5


def test_who_agreed_and_the_count_stand_in_the_journal(session, keys, closed):
    first, second = open_by_two(session, closed)
    counting(session, keys, closed)
    entries = session.execute(
        select(JournalEntry.act, JournalEntry.actor_id).order_by(JournalEntry.idx)
    ).all()
    assert [tuple(entry) for entry in entries] == [
        ("round.close_vote", "clock"),
        ("tally.approve", first.id), ("tally.approve", second.id), ("tally.count", second.id),
    ]  # fmt: skip
