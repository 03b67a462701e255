import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, make_cards
from tests.factories.paper import handed_of, make_paper, serials_of
from tests.paper.conftest import make_resident
from voting.cards.models import BallotCard
from voting.cards.rules import serial
from voting.journal.models import JournalEntry
from voting.paper.models import Exchange, PaperBallot
from voting.paper.service import (
    GivenOfAnother,
    GivenUnknown,
    GivenUsed,
    NoPaperLeft,
    NotOffered,
    exchange,
    hand_paper,
    paper_address,
)
from voting.roll.models import Channel, Participation
from voting.roll.service import RightAlreadyUsed, hand_out, mark_participation

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def swap(session, keys, round, worker):
    """Exchange what was given for something else."""

    def act(elector_id: str, given: str, after: Channel) -> None:
        with session.begin_nested():
            exchange(
                session, now=NOW, actor=worker.actor, keys=keys, round_id=round.id,
                elector_id=elector_id, given=given, after=after, holder_id=worker.id,
            )  # fmt: skip

    return act


def channels(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Participation.channel)))


def exchanges(session: Session) -> list[tuple[str, str]]:
    return list(session.execute(select(Exchange.before, Exchange.after)))


def states(session: Session) -> list[str]:
    return list(session.scalars(select(BallotCard.state)))


@pytest.fixture
def bearer(session, keys, round):
    """Somebody with a bearer card in their hand."""
    (card,) = make_cards(session, keys, round.id)
    person = make_resident(session, keys, round)
    hand_out(session, now=NOW, round_id=round.id, elector_id=person)
    return person, card


@pytest.fixture
def with_paper(session, keys, round, worker):
    """Somebody with a paper in their hand, of a batch of three that the worker holds."""
    batch = make_paper(session, round, 3, holder=worker)
    person = make_resident(session, keys, round)
    hand_paper(
        session, now=NOW, keys=keys, round_id=round.id, elector_id=person, holder_id=worker.id
    )
    return person, serials_of(session, batch)[0], batch


def test_a_card_becomes_a_paper(session, round, worker, bearer, swap):
    person, card = bearer
    batch = make_paper(session, round, 2, holder=worker)
    swap(person, card.short_code, Channel.PAPER_HANDED)
    assert channels(session) == ["paper_handed"]
    assert exchanges(session) == [("card_handed", "paper_handed")]
    assert states(session) == ["void"]
    assert handed_of(session, batch) == 1
    entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "paper.exchange")).one()
    assert person not in entry.details
    assert card.short_code not in entry.details


@pytest.mark.parametrize("after", [Channel.ASSISTED, Channel.CARD_HANDED])
def test_a_card_becomes_help_or_another_card(session, bearer, swap, after):
    person, card = bearer
    swap(person, f"HTTPS://VOTE.EXAMPLE.CN/C/{card.token}", after)
    assert channels(session) == [after.value]
    assert states(session) == ["void"]


def test_the_number_on_the_stub_will_do(session, bearer, swap):
    person, _card = bearer
    swap(person, serial(1, 1, 1), Channel.ASSISTED)
    assert channels(session) == ["assisted"]


def test_an_assigned_card_becomes_a_paper_and_marks_for_the_first_time(
    session, keys, round, worker, swap
):
    batch = make_paper(session, round, 2, holder=worker)
    person, stranger = (make_resident(session, keys, round) for _ in range(2))
    (card,) = make_cards(session, keys, round.id, electors=[person])
    with pytest.raises(GivenOfAnother):
        swap(stranger, card.short_code, Channel.PAPER_HANDED)
    swap(person, card.short_code, Channel.PAPER_HANDED)
    assert channels(session) == ["paper_handed"]
    assert exchanges(session) == []
    assert states(session) == ["void"]
    assert handed_of(session, batch) == 1
    with pytest.raises(GivenUsed):
        swap(person, card.short_code, Channel.PAPER_HANDED)


def test_who_has_voted_otherwise_gets_nothing_for_an_assigned_card(session, keys, round, swap):
    person = make_resident(session, keys, round)
    (card,) = make_cards(session, keys, round.id, electors=[person])
    mark_participation(
        session, round_id=round.id, elector_id=person, channel=Channel.POSTER, day=NOW.date()
    )
    with pytest.raises(RightAlreadyUsed):
        swap(person, card.short_code, Channel.CARD_HANDED)
    assert states(session) == ["printed"]


def test_a_paper_becomes_another_paper(session, keys, round, worker, with_paper, swap):
    person, paper, batch = with_paper
    said = paper_address(
        keys.card_key(), "https://vote.example.cn", round_id=round.id, version=1, serial=paper
    )
    swap(person, said, Channel.PAPER_HANDED)
    assert channels(session) == ["paper_handed"]
    assert exchanges(session) == [("paper_handed", "paper_handed")]
    found = session.get_one(PaperBallot, (round.id, paper))
    assert (found.state, found.reason) == ("spoiled", "exchanged")
    assert handed_of(session, batch) == 2


@pytest.mark.parametrize("after", [Channel.CARD_HANDED, Channel.ASSISTED])
def test_a_paper_becomes_a_card_or_help(session, with_paper, swap, after):
    person, paper, batch = with_paper
    swap(person, f"{paper[:3]} {paper[3:6]} {paper[6:]}", after)
    assert channels(session) == [after.value]
    # Handed out once, exchanged once: nothing is outstanding.
    assert handed_of(session, batch) == 1


def test_a_paper_that_nobody_got_is_not_exchanged(session, keys, round, with_paper, swap):
    person, paper, batch = with_paper
    swap(person, paper, Channel.CARD_HANDED)
    again = make_resident(session, keys, round)
    mark_participation(
        session, round_id=round.id, elector_id=again, channel=Channel.PAPER_HANDED, day=NOW.date()
    )
    with pytest.raises(GivenUsed):
        swap(again, serials_of(session, batch)[1], Channel.CARD_HANDED)


def test_what_was_used_is_not_exchanged(session, round, bearer, with_paper, swap):
    holder, card = bearer
    session.scalars(select(BallotCard)).one().state = "spent"
    session.flush()
    with pytest.raises(GivenUsed):
        swap(holder, card.short_code, Channel.CARD_HANDED)
    person, paper, _batch = with_paper
    session.get_one(PaperBallot, (round.id, paper)).state = "returned"
    session.flush()
    with pytest.raises(GivenUsed):
        swap(person, paper, Channel.CARD_HANDED)
    assert exchanges(session) == []


def test_what_does_not_fit_the_roll_is_not_exchanged(
    session, keys, round, bearer, with_paper, swap
):
    holder, card = bearer
    person, paper, _batch = with_paper
    stranger = make_resident(session, keys, round)
    for who, given in ((holder, paper), (person, card.short_code), (stranger, paper)):
        with pytest.raises(GivenOfAnother):
            swap(who, given, Channel.ASSISTED)


@pytest.mark.parametrize("given", ["", "123456788", "A" * 16, "99-1-1", "什么"])
def test_what_is_no_card_and_no_paper_is_not_found(bearer, swap, given):
    with pytest.raises(GivenUnknown):
        swap(bearer[0], given, Channel.CARD_HANDED)


def test_without_a_paper_in_hand_the_card_stays_good(session, bearer, swap):
    with pytest.raises(NoPaperLeft):
        swap(bearer[0], bearer[1].short_code, Channel.PAPER_HANDED)
    assert states(session) == ["printed"]
    assert channels(session) == ["card_handed"]


def test_what_a_round_does_not_offer_is_not_given(bearer, swap):
    with pytest.raises(NotOffered):
        swap(bearer[0], bearer[1].short_code, Channel.POSTER)
