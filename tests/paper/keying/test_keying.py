"""Two officers key a paper: who is first, what settles, what is refused, and what is kept of it."""

import pytest
from sqlalchemy import delete, func, insert, select, update

from tests.factories.audits import refused
from tests.factories.ballots import NOW
from tests.factories.keying import key, key_twice, make_boxes, paper_of
from voting.adapters.sealing import unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, decode, seal_info
from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperKeying, Reconciliation
from voting.paper.rules.keying import NumberTwice, NumberUnknown, TicksUnreadable
from voting.paper.rules.serials import check_digit
from voting.paper.service import admitting
from voting.paper.service.admitting import NotKeying, PaperReconciled
from voting.paper.service.entering import forget_stale_keyings
from voting.paper.service.keying import (
    After,
    BlankUnconfirmed,
    KeyedByYou,
    KeyedPaper,
    NoSuchPaper,
    PaperDisputed,
    PaperOfVoidBatch,
    PaperSettled,
    PaperSpoiled,
    SerialUnreadable,
    key_paper,
)
from voting.paper.service.printing import OnlyTicks
from voting.paper.service.progress import keying_progress


@pytest.fixture
def boxes(session, keys):
    return make_boxes(session, keys)


def urn(session, boxes):
    return session.scalars(select(UrnEntry).where(UrnEntry.round_id == boxes.round.id)).all()


def opened(keys, boxes, entry):
    info = seal_info(boxes.round.id, boxes.round.config_hash, entry.slot)
    return decode(unseal(keys.seal_key(boxes.round.id), entry.sealed, info)[SALT_LENGTH:])


def keyings(session):
    return session.scalars(select(PaperKeying).order_by(PaperKeying.turn)).all()


def sheet(boxes, **changes):
    facts = {"sheet": "{}", "outcome": "adds_up", "first_by": "a", "first_at": NOW}
    return Reconciliation(round_id=boxes.round.id, **(facts | changes))


def test_the_first_keying_is_kept_sealed_and_drops_nothing(session, keys, boxes):
    serial = boxes.serials[0]
    assert key(session, keys, boxes, 0, serial, "1 5 12") == KeyedPaper(serial, After.FIRST)
    assert urn(session, boxes) == []
    assert paper_of(session, boxes, serial).state == "returned"
    (one,) = keyings(session)
    assert (one.turn, one.by) == (1, boxes.officers[0].id)


def test_what_is_kept_has_the_same_length_whatever_was_ticked(session, keys, boxes):
    for serial, ticks in zip(
        boxes.serials, ("", "1", "1 2 3 4 5 6 7 8 9 10 11 12", "3? *t"), strict=True
    ):
        key(session, keys, boxes, 0, serial, ticks)
    assert len({len(one.sealed) for one in keyings(session)}) == 1


def test_two_equal_keyings_put_one_ballot_of_paper_into_the_urn(session, keys, boxes):
    serial = boxes.serials[0]
    assert key_twice(session, keys, boxes, serial, "12 1 5", "010512").after is After.ENTERED
    (entry,) = urn(session, boxes)
    said = opened(keys, boxes, entry)
    assert (said.channel, said.choices) == ("paper", (1, 5, 12))
    paper = paper_of(session, boxes, serial)
    assert (paper.state, paper.slot, paper.reason) == ("entered", entry.slot, None)
    assert [one.sealed for one in keyings(session)] == [None, None]


@pytest.mark.parametrize(("ticks", "reason"), [("1 2 3 4", "over"), ("", "blank")])
def test_too_many_and_none_count_for_nothing_and_stay_out_of_the_urn(
    session, keys, boxes, ticks, reason
):
    serial = boxes.serials[0]
    done = key_twice(session, keys, boxes, serial, ticks)
    assert (done.after, done.reason) == (After.INVALID, reason)
    assert urn(session, boxes) == []
    assert paper_of(session, boxes, serial).reason == reason


def test_fewer_ticks_than_the_round_asks_for_are_entered(session, keys):
    boxes = make_boxes(session, keys, least=2)
    assert key_twice(session, keys, boxes, boxes.serials[0], "7").after is After.ENTERED


@pytest.mark.parametrize(("first", "second"), [("1 2", "1"), ("1 2?", "1 2?"), ("1 *t", "1 *t")])
def test_a_difference_or_a_doubt_waits_for_a_decision(session, keys, boxes, first, second):
    serial = boxes.serials[0]
    assert key_twice(session, keys, boxes, serial, first, second).after is After.DISPUTED
    assert urn(session, boxes) == []
    assert paper_of(session, boxes, serial).state == "returned"
    assert None not in [one.sealed for one in keyings(session)]
    with pytest.raises(PaperDisputed):
        key(session, keys, boxes, 2, serial, "1")


def test_nobody_keys_a_paper_twice(session, keys, boxes):
    serial = boxes.serials[0]
    key(session, keys, boxes, 0, serial, "1")
    with pytest.raises(KeyedByYou, match="存好了"):
        key(session, keys, boxes, 0, serial, "1")
    key(session, keys, boxes, 1, serial, "1")
    for who in range(3):
        with pytest.raises(PaperSettled):
            key(session, keys, boxes, who, serial, "1")


@pytest.mark.parametrize(
    ("ticks", "refusal"),
    [("13", NumberUnknown), ("1 1", NumberTwice), ("x", TicksUnreadable)],
)
def test_what_cannot_stand_on_the_paper_is_not_kept(session, keys, boxes, ticks, refusal):
    with pytest.raises(refusal), session.begin_nested():
        key(session, keys, boxes, 0, boxes.serials[0], ticks)
    assert keyings(session) == []
    assert paper_of(session, boxes, boxes.serials[0]).state == "printed"


def test_a_blank_paper_is_said_twice(session, keys, boxes):
    with pytest.raises(BlankUnconfirmed):
        key(session, keys, boxes, 0, boxes.serials[0], " ", blank=False)


def test_a_number_with_a_wrong_digit_is_told_from_a_foreign_one(session, keys, boxes):
    serial = boxes.serials[0]
    wrong = serial[:-1] + str((int(serial[-1]) + 1) % 10)
    other = next(
        body + check_digit(body)
        for body in ("12345678", "87654321")
        if body + check_digit(body) not in boxes.serials
    )
    with pytest.raises(SerialUnreadable):
        key(session, keys, boxes, 0, wrong, "1")
    with pytest.raises(NoSuchPaper, match="外来票"):
        key(session, keys, boxes, 0, other, "1")


def test_a_spoiled_paper_in_a_box_is_put_aside(session, keys, boxes):
    mine = PaperBallot.serial == boxes.serials[0]
    session.execute(update(PaperBallot).where(mine).values(state="spoiled", reason="exchanged"))
    with pytest.raises(PaperSpoiled, match="监票人"):
        key(session, keys, boxes, 0, boxes.serials[0], "1")


def test_a_paper_of_a_void_batch_is_foreign(session, keys, boxes):
    session.execute(update(PaperBatch).values(state="void"))
    with pytest.raises(PaperOfVoidBatch):
        key(session, keys, boxes, 0, boxes.serials[0], "1")


def test_nothing_is_keyed_while_people_vote(session, keys):
    boxes = make_boxes(session, keys)
    boxes.round.extended_to = NOW.replace(year=2027)
    session.flush()
    with pytest.raises(NotKeying):
        key(session, keys, boxes, 0, boxes.serials[0], "1")


def test_nothing_is_keyed_once_two_have_signed_the_sheet(session, keys, boxes):
    key(session, keys, boxes, 0, boxes.serials[0], "1")
    session.add(sheet(boxes))
    session.flush()
    key(session, keys, boxes, 0, boxes.serials[1], "1")
    session.execute(update(Reconciliation).values(second_by="b", second_at=NOW))
    with pytest.raises(PaperReconciled):
        key(session, keys, boxes, 1, boxes.serials[0], "1")
    row = {"round_id": boxes.round.id, "serial": boxes.serials[2], "generation": 1}
    late = insert(PaperKeying).values(**row, turn=1, by="c", sealed=b"")
    refused(session, late, "has been reconciled")


def test_a_round_that_asks_for_points_has_no_paper(session, keys, boxes, monkeypatch):
    monkeypatch.setattr(admitting, "TICKED", frozenset({"cumulative"}))
    with pytest.raises(OnlyTicks):
        key(session, keys, boxes, 0, boxes.serials[0], "1")


def test_another_area_finds_no_round(session, keys, boxes):
    stranger = Actor(id="x", name="外人", area_path="elsewhere/")
    with pytest.raises(NotFound):
        key_paper(
            session, now=NOW, actor=stranger, keys=keys, round_id=boxes.round.id,
            serial=boxes.serials[0], ticks="1",
        )  # fmt: skip


def test_progress_counts_papers_and_says_nothing_of_them(session, keys, boxes):
    first, second, third, _ = boxes.serials
    key(session, keys, boxes, 0, first, "1")
    key_twice(session, keys, boxes, second, "1 2")
    key_twice(session, keys, boxes, third, "1", "2")
    done = keying_progress(session, boxes.round.id, officer_id=boxes.officers[0].id)
    assert (done.settled, done.once, done.disputed, done.again, done.mine) == (1, 1, 1, 0, 3)
    assert done.open == 2


@pytest.mark.usefixtures("any_database")
def test_the_database_keeps_what_was_keyed(session, keys):
    boxes = make_boxes(session, keys)
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1")
    refused(session, update(PaperKeying).values(sealed=b"other"), "not keyed over")
    refused(session, update(PaperKeying).where(PaperKeying.turn == 1).values(by="x"), "keyed over")
    refused(session, delete(PaperKeying), "not keyed over")
    taken = update(PaperBallot).where(PaperBallot.serial == serial)
    refused(session, taken.values(state="returned", slot=None), "taken back by two")
    assert session.scalar(select(func.count()).select_from(PaperKeying)) == 2


def test_what_nobody_can_settle_any_more_is_forgotten(session, keys, boxes):
    key(session, keys, boxes, 0, boxes.serials[0], "1")
    forget_stale_keyings(session)
    assert keyings(session)[0].sealed is not None
    session.add(sheet(boxes, second_by="b", second_at=NOW))
    session.flush()
    forget_stale_keyings(session)
    assert session.scalars(select(PaperKeying.sealed)).all() == [None]


def test_the_keyings_of_a_round_that_ended_are_forgotten(session, keys, boxes):
    key(session, keys, boxes, 0, boxes.serials[0], "1")
    boxes.round.phase = "terminated"
    session.flush()
    forget_stale_keyings(session)
    assert session.scalars(select(PaperKeying.sealed)).all() == [None]
