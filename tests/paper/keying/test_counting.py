"""The count leaves out what was taken back, and the ledger says so."""

import json

import pytest
from sqlalchemy import select

from tests.factories.ballots import NOW
from tests.factories.keying import key_twice, make_boxes, paper_of, take_back
from tests.factories.tally import open_by_two
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint
from voting.paper.models import PaperVoid, Reconciliation
from voting.paper.rules.sheet_text import write_sheet
from voting.paper.service.figuring import figure
from voting.tally.service import OpeningsStore, count, verify

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def openings(keys, tmp_path):
    return OpeningsStore(tmp_path / "openings", keys)


def entries(session, boxes):
    mine = select(LedgerEntry).where(LedgerEntry.round_id == boxes.round.id)
    return [
        (one.kind, json.loads(one.body))
        for one in session.scalars(mine.order_by(LedgerEntry.idx))
    ]  # fmt: skip


def sign(session, boxes):
    figures = write_sheet(figure(session, boxes.round.id))
    signed = {"sheet": figures, "outcome": "adds_up", "first_by": "a", "first_at": NOW}
    signed |= {"second_by": "b", "second_at": NOW}
    session.add(Reconciliation(round_id=boxes.round.id, **signed))
    session.flush()


def counted(session, keys, boxes, openings):
    sign(session, boxes)
    open_by_two(session, boxes.round)
    return count(session, now=NOW, keys=keys, round_id=boxes.round.id, openings=openings)


def test_a_ballot_that_was_taken_back_is_opened_and_does_not_count(session, keys, openings):
    boxes = make_boxes(session, keys, votes=((1, 2), (1,)))
    key_twice(session, keys, boxes, boxes.serials[0], "7")
    wrong = paper_of(session, boxes, boxes.serials[0]).slot
    assert wrong
    take_back(session, boxes, boxes.serials[0])
    key_twice(session, keys, boxes, boxes.serials[0], "8")
    tally = counted(session, keys, boxes, openings)
    outcome = json.loads(tally.outcome)
    assert tally.ballots == outcome["ballots"] == 3
    assert outcome["channels"] == {"card+paper": 3}
    assert {id: votes for id, votes in outcome["votes"].items() if votes} == {
        "1": 2,
        "2": 1,
        "8": 1,
    }
    kept = list(openings.reading(boxes.round.id))
    assert len(kept) == 4
    assert wrong in {one.slot for one in kept}
    noted = dict(entries(session, boxes))
    assert noted["tally"]["ballots"] == 4
    assert noted["void"] == {"kind": "void", "slot": wrong.hex(), "at": "2026-11-23T02:00:00Z"}


def test_a_recount_leaves_it_out_as_well(database, keys, openings):
    with database.transaction() as session:
        boxes = make_boxes(session, keys, votes=((1, 2),))
        key_twice(session, keys, boxes, boxes.serials[0], "7")
        take_back(session, boxes, boxes.serials[0])
        counted(session, keys, boxes, openings)
        round_id = boxes.round.id
    assert verify(database.reading, keys=keys, round_id=round_id, openings=openings) == 2


def test_a_void_stands_in_the_ledger_behind_its_ballot_each_once(session, keys):
    boxes = make_boxes(session, keys)
    key_twice(session, keys, boxes, boxes.serials[0], "7")
    take_back(session, boxes, boxes.serials[0])
    key_twice(session, keys, boxes, boxes.serials[1], "1 2 3 4")
    take_back(session, boxes, boxes.serials[1])
    for _turn in range(2):
        make_checkpoint(session, now=NOW, keys=keys, round_id=boxes.round.id)
    kinds = [kind for kind, _body in entries(session, boxes)]
    assert kinds[-2:] == ["ballot", "void"]
    assert kinds.count("void") == 1


def test_a_correction_nobody_confirmed_changes_nothing(session, keys, openings):
    boxes = make_boxes(session, keys)
    key_twice(session, keys, boxes, boxes.serials[0], "7")
    slot = paper_of(session, boxes, boxes.serials[0]).slot
    session.add(
        PaperVoid(
            round_id=boxes.round.id,
            serial=boxes.serials[0],
            generation=1,
            slot=slot,
            reason="x",
            first_by="a",
            first_at=NOW,
        )
    )
    session.flush()
    assert counted(session, keys, boxes, openings).ballots == 1
    assert "void" not in [kind for kind, _ in entries(session, boxes)]
