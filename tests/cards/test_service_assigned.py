import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, make_listed_elector, make_open_round
from tests.factories.cards import make_batch, printed
from tests.factories.roll import make_elector
from voting.adapters.keyring import Keyring
from voting.cards.models import BallotCard
from voting.cards.service import (
    ElectorsUnfit,
    NobodyLeft,
    deliveries,
    electors_without_card,
    find_by_serial,
    issue_batch,
    spend,
    void_batch,
)
from voting.journal.rules import COMMAND_LINE
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Round


def test_assigned_cards_belong_to_one_person_each(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    people = [make_listed_elector(session, round.id) for _ in range(3)]
    batch = make_batch(session, keys, round, elector_ids=people)
    cards = session.scalars(select(BallotCard).where(BallotCard.batch_id == batch.id))
    assert sorted(card.elector_id or "" for card in cards) == sorted(people)
    assert batch.mode == "assigned"


def test_nobody_gets_a_second_live_card(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    people = [make_listed_elector(session, round.id) for _ in range(2)]
    make_batch(session, keys, round, elector_ids=people[:1])
    with pytest.raises(ElectorsUnfit, match="1 个人"):
        make_batch(session, keys, round, elector_ids=people)
    assert electors_without_card(session, round.id, keys=keys) == people[1:]


def test_a_void_card_makes_room_for_another(session: Session, keys: Keyring, round: Round) -> None:
    person = make_listed_elector(session, round.id)
    first = make_batch(session, keys, round, elector_ids=[person])
    void_batch(session, now=NOW, actor=COMMAND_LINE, batch_id=first.id, reason="印错")
    assert make_batch(session, keys, round, elector_ids=[person]).count == 1


def test_who_has_used_the_right_gets_no_card(session: Session, keys: Keyring, round: Round) -> None:
    person = make_listed_elector(session, round.id)
    mark_participation(
        session,
        round_id=round.id,
        elector_id=person,
        channel=Channel.PAPER_HANDED,
        day=NOW.date(),
    )
    with pytest.raises(ElectorsUnfit):
        make_batch(session, keys, round, elector_ids=[person])


def test_who_was_struck_gets_no_card(session: Session, keys: Keyring, round: Round) -> None:
    person = make_elector(session, round.id, struck_at=NOW, struck_reason="died")
    with pytest.raises(ElectorsUnfit):
        make_batch(session, keys, round, elector_ids=[person.elector_id])


def test_people_of_another_round_and_strangers_get_no_card(
    session: Session, keys: Keyring, round: Round
) -> None:
    stranger = make_listed_elector(session, make_open_round(session, keys).id)
    for people in ([stranger], ["nobody"], ["x"] * 2):
        with pytest.raises(ElectorsUnfit):
            make_batch(session, keys, round, elector_ids=people)


def test_a_person_named_twice_is_refused(session: Session, keys: Keyring, round: Round) -> None:
    person = make_listed_elector(session, round.id)
    with pytest.raises(ElectorsUnfit):
        make_batch(session, keys, round, elector_ids=[person, person])


def test_with_nobody_left_there_is_nothing_to_print(
    session: Session, keys: Keyring, round: Round
) -> None:
    with pytest.raises(NobodyLeft):
        issue_batch(
            session,
            now=NOW,
            actor=COMMAND_LINE,
            keys=keys,
            round_id=round.id,
            count=1,
            mode="assigned",
            elector_ids=[],
        )


def test_the_delivery_list_forgets_who_has_voted(
    any_database: str, session: Session, keys: Keyring, round: Round
) -> None:
    people = [make_listed_elector(session, round.id) for _ in range(2)]
    batch = make_batch(session, keys, round, elector_ids=people)
    stubs = list(printed(batch, keys))
    assert [line.serial for line in deliveries(session, batch, keys=keys)] == stubs
    card = find_by_serial(session, round.id, stubs[0])
    spend(session, round_id=round.id, cred_hash=card.cred_hash, check_hmac=None)
    wrong_code = [line.serial for line in deliveries(session, batch, keys=keys)]
    assert wrong_code == stubs[1:]
