import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories.ballots import NOW
from tests.factories.paper import handed_of, make_paper, serials_of
from tests.paper.conftest import make_resident
from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.errors import NotFound
from voting.journal.models import JournalEntry
from voting.paper.models import Collection, PaperBallot, PaperBatch, PaperBundle
from voting.paper.service import (
    MediumNotOffered,
    NoPaperLeft,
    NoPaperToUndo,
    OtherHousehold,
    hand_paper,
    undo_paper,
)
from voting.roll.models import Participation
from voting.roll.service import ElectorStruck, NotHandingOut, RightAlreadyUsed, hand_out
from voting.rounds.models import Round

pytestmark = pytest.mark.usefixtures("any_database")


def hand(session: Session, keys: Keyring, round: Round, who: str, holder: Officer, **more: str):
    with session.begin_nested():
        hand_paper(
            session, now=NOW, keys=keys, round_id=round.id, elector_id=who, holder_id=holder.id,
            **more,
        )  # fmt: skip


def marks(session: Session) -> list[str]:
    return list(session.scalars(select(Participation.channel)))


def test_a_paper_is_marked_and_counted_and_nothing_says_which(session, keys, round, worker):
    batch = make_paper(session, round, 3, holder=worker)
    hand(session, keys, round, make_resident(session, keys, round), worker)
    assert marks(session) == ["paper_handed"]
    assert handed_of(session, batch) == 1
    states = session.scalars(select(PaperBallot.state)).all()
    assert states == ["printed"] * 3
    assert session.scalars(select(JournalEntry)).all() == []


def test_whoever_has_no_paper_left_hands_out_none(session, keys, round, worker, other):
    batch = make_paper(session, round, 3, holder=worker, bundle_size=2)
    people = [make_resident(session, keys, round) for _ in range(4)]
    for person in people[:3]:
        hand(session, keys, round, person, worker)
    with pytest.raises(NoPaperLeft):
        hand(session, keys, round, people[3], worker)
    with pytest.raises(NoPaperLeft):
        hand(session, keys, round, people[3], other)
    assert len(marks(session)) == handed_of(session, batch) == 3


def test_a_spoiled_paper_is_not_there_to_be_handed_out(session, keys, round, worker):
    batch = make_paper(session, round, 2, holder=worker)
    spoil = update(PaperBallot).where(PaperBallot.serial == serials_of(session, batch)[0])
    session.execute(spoil.values(state="spoiled", reason="damaged"))
    hand(session, keys, round, make_resident(session, keys, round), worker)
    with pytest.raises(NoPaperLeft):
        hand(session, keys, round, make_resident(session, keys, round), worker)


@pytest.mark.parametrize("change", [
    {"ledger_idx": None}, {"state": "ready"}, {"state": "void"},
])  # fmt: skip
def test_a_batch_is_handed_out_once_it_is_printed_and_marked(session, keys, round, worker, change):
    make_paper(session, round, 2, holder=worker)
    session.execute(update(PaperBatch).values(**change))
    with pytest.raises(NoPaperLeft):
        hand(session, keys, round, make_resident(session, keys, round), worker)


def test_a_counted_bundle_is_closed(session, keys, round, worker, other):
    make_paper(session, round, 2, holder=worker)
    counted = {"unused": 2, "counted_by": worker.id, "received_by": other.id, "settled_at": NOW}
    session.execute(update(PaperBundle).values(**counted))
    with pytest.raises(NoPaperLeft):
        hand(session, keys, round, make_resident(session, keys, round), worker)


def test_a_right_is_used_once_whatever_was_handed_out(session, keys, round, worker):
    batch = make_paper(session, round, 3, holder=worker)
    person = make_resident(session, keys, round)
    hand_out(session, now=NOW, round_id=round.id, elector_id=person)
    with pytest.raises(RightAlreadyUsed):
        hand(session, keys, round, person, worker)
    assert handed_of(session, batch) == 0


def test_nobody_else_gets_a_paper(session, keys, round, worker):
    make_paper(session, round, 3, holder=worker)
    struck = make_resident(session, keys, round, struck_at=NOW)
    with pytest.raises(ElectorStruck):
        hand(session, keys, round, struck, worker)
    with pytest.raises(NotFound):
        hand(session, keys, round, "nobody", worker)


def test_a_round_without_paper_hands_out_none(session, keys, round, worker):
    person = make_resident(session, keys, round)
    with session.no_autoflush:
        round.channels = "card"
        with pytest.raises(MediumNotOffered):
            hand_paper(
                session, now=NOW, keys=keys, round_id=round.id, elector_id=person,
                holder_id=worker.id,
            )  # fmt: skip
        session.expire(round)


def test_after_the_vote_nothing_is_handed_out(session, keys, round, worker):
    round.phase = "counting"
    with pytest.raises(NotHandingOut):
        hand(session, keys, round, make_resident(session, keys, round), worker)


def test_somebody_of_the_same_household_collects(session, keys, round, worker):
    make_paper(session, round, 5, holder=worker)
    mother = make_resident(session, keys, round, "2单元502")
    son = make_resident(session, keys, round, "2单元502")
    hand(session, keys, round, mother, worker, taker_id=son)
    collected = session.scalars(select(Collection)).one()
    assert (collected.elector_id, collected.taker_id) == (mother, son)


@pytest.mark.parametrize(
    ("room", "building"), [("2单元501", "3栋"), ("2单元502", "4栋"), ("", "3栋")]
)
def test_nobody_of_another_door_collects(session, keys, round, worker, room, building):
    batch = make_paper(session, round, 5, holder=worker)
    person = make_resident(session, keys, round, "2单元502" if room else "")
    neighbour = make_resident(session, keys, round, room, building=building)
    for taker in (neighbour, person, "nobody"):
        with pytest.raises(OtherHousehold):
            hand(session, keys, round, person, worker, taker_id=taker)
    assert marks(session) == []
    assert handed_of(session, batch) == 0


def test_a_hand_out_of_today_is_undone(session, keys, round, worker):
    batch = make_paper(session, round, 3, holder=worker, bundle_size=1)
    people = [make_resident(session, keys, round, "502") for _ in range(2)]
    hand(session, keys, round, people[0], worker, taker_id=people[1])
    undo = {"now": NOW, "actor": worker.actor, "round_id": round.id, "holder_id": worker.id}
    undo_paper(session, **undo, elector_id=people[0], reason="returned")
    assert marks(session) == []
    assert handed_of(session, batch) == 0
    assert session.scalars(select(Collection)).all() == []
    assert session.scalars(select(JournalEntry.act)).all() == ["paper.undo_hand_out"]
    with pytest.raises(NoPaperToUndo):
        undo_paper(session, **undo, elector_id=people[0], reason="returned")


def test_only_who_handed_out_papers_can_undo_one(session, keys, round, worker, other):
    make_paper(session, round, 3, holder=worker)
    make_paper(session, round, 3, holder=other)
    person = make_resident(session, keys, round)
    hand(session, keys, round, person, worker)
    with pytest.raises(NoPaperToUndo), session.begin_nested():
        undo_paper(
            session, now=NOW, actor=other.actor, round_id=round.id, elector_id=person,
            holder_id=other.id, reason="returned",
        )  # fmt: skip
    assert marks(session) == ["paper_handed"]
