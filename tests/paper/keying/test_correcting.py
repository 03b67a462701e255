"""What was entered wrongly is taken back by two and keyed anew; foreign papers are counted beside."""

from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from tests.factories.audits import refused
from tests.factories.ballots import NOW
from tests.factories.keying import decide, key, key_twice, make_boxes, paper_of, take_back
from voting.ballots.models import UrnEntry
from voting.errors import NotFound
from voting.paper.models import PaperForeign, PaperVoid, Reconciliation
from voting.paper.service.correcting import (
    CorrectionSettled,
    CorrectionWaits,
    KeyerConfirms,
    NothingToCorrect,
    SameCorrector,
    ask_correction,
    confirm_correction,
    corrections_of,
    drop_correction,
    voided_slots,
)
from voting.paper.service.entering import SettledMeanwhile
from voting.paper.service.foreign import (
    ForeignSettled,
    SameWitness,
    confirm_foreign,
    drop_foreign,
    foreign_of,
    register_foreign,
)
from voting.paper.service.keying import After, NoSuchPaper, SerialUnreadable
from voting.paper.service.progress import keying_progress


@pytest.fixture
def boxes(session, keys):
    return make_boxes(session, keys)


@pytest.fixture
def desk(boxes):
    """Facts of every act: who comes first, by whom."""
    return lambda who=0: {"now": NOW, "actor": boxes.actors[who], "round_id": boxes.round.id}


def ask(session, desk, serial, who=0):
    return ask_correction(session, serial=serial, reason="录串了行", **desk(who))


def test_an_entered_paper_is_taken_back_by_two_and_keyed_anew_by_any_two(
    session, keys, boxes, desk
):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1")
    before = paper_of(session, boxes, serial).slot
    void = ask(session, desk, serial)
    assert paper_of(session, boxes, serial).state == "entered"
    assert voided_slots(session, boxes.round.id) == frozenset()
    confirm_correction(session, void_id=void.id, **desk(1))
    paper = paper_of(session, boxes, serial)
    assert (paper.state, paper.slot, paper.generation) == ("returned", None, 2)
    assert voided_slots(session, boxes.round.id) == {before}
    assert keying_progress(session, boxes.round.id).again == 1
    assert key_twice(session, keys, boxes, serial, "2").after is After.ENTERED
    assert paper_of(session, boxes, serial).slot not in {None, before}
    assert session.scalar(select(func.count()).select_from(UrnEntry)) == 2


def test_a_paper_that_counted_for_nothing_comes_back_without_a_voided_slot(session, keys, boxes):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1 2 3 4")
    take_back(session, boxes, serial)
    paper = paper_of(session, boxes, serial)
    assert (paper.state, paper.reason, paper.generation) == ("returned", None, 2)
    assert voided_slots(session, boxes.round.id) == frozenset()
    assert key_twice(session, keys, boxes, serial, "1 2 3").after is After.ENTERED


def test_a_disputed_paper_is_keyed_anew_as_well(session, keys, boxes, desk):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1", "2")
    void = ask(session, desk, serial)
    with pytest.raises(KeyerConfirms):
        confirm_correction(session, void_id=void.id, **desk(1))
    confirm_correction(session, void_id=void.id, **desk(2))
    assert key_twice(session, keys, boxes, serial, "3").after is After.ENTERED


@pytest.mark.parametrize("back", [0, 1], ids=["scanned by mistake", "keyed anew by mistake"])
def test_a_paper_that_was_never_in_a_box_goes_out_of_the_way(session, keys, boxes, back):
    serial = boxes.serials[0]
    if back:
        key_twice(session, keys, boxes, serial, "1")
        take_back(session, boxes, serial)
    else:
        key(session, keys, boxes, 0, serial, "1")
    take_back(session, boxes, serial, who=2)
    assert paper_of(session, boxes, serial).state == "printed"
    progress = keying_progress(session, boxes.round.id)
    assert (progress.once, progress.again) == (0, 0)


def test_a_paper_may_be_taken_back_again(session, keys, boxes):
    serial = boxes.serials[0]
    for ticks in ("1", "2"):
        key_twice(session, keys, boxes, serial, ticks)
        take_back(session, boxes, serial)
    assert paper_of(session, boxes, serial).generation == 3
    assert len(voided_slots(session, boxes.round.id)) == 2


def test_a_decision_of_before_does_not_bind_the_next_keyings(session, keys, boxes):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1", "2")
    decide(session, keys, boxes, serial, marks={1: True, 2: False})
    take_back(session, boxes, serial)
    key_twice(session, keys, boxes, serial, "1", "2")
    assert decide(session, keys, boxes, serial, marks={1: False, 2: True}) is None


def test_one_person_does_not_correct_alone(session, keys, boxes, desk):
    key_twice(session, keys, boxes, boxes.serials[0], "1")
    void = ask(session, desk, boxes.serials[0])
    with pytest.raises(SameCorrector):
        confirm_correction(session, void_id=void.id, **desk(0))
    confirm_correction(session, void_id=void.id, **desk(1))
    with pytest.raises(CorrectionSettled):
        confirm_correction(session, void_id=void.id, **desk(2))
    with pytest.raises(NotFound):
        confirm_correction(session, void_id="none", **desk(2))


def test_what_cannot_be_corrected_is_told(session, keys, boxes, desk):
    first, second, *_ = boxes.serials
    for serial, refusal in (
        (first, NothingToCorrect), (second, NothingToCorrect), ("12", SerialUnreadable),
        ("000000019", NoSuchPaper),
    ):  # fmt: skip
        with pytest.raises((refusal, SerialUnreadable)):
            ask(session, desk, serial)
    key_twice(session, keys, boxes, first, "1")
    ask(session, desk, first)
    with pytest.raises(CorrectionWaits):
        ask(session, desk, first, who=1)


def test_a_correction_that_waits_can_be_withdrawn(session, keys, boxes, desk):
    key_twice(session, keys, boxes, boxes.serials[0], "1")
    void = ask(session, desk, boxes.serials[0])
    assert keying_progress(session, boxes.round.id).correcting == 1
    drop_correction(session, void_id=void.id, **desk(2))
    assert corrections_of(session, boxes.round.id) == ([], 1)
    with pytest.raises(CorrectionSettled):
        drop_correction(session, void_id=void.id, **desk(2))


def test_a_paper_that_changed_meanwhile_is_not_taken_back(session, keys, boxes, desk):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1", "2")
    void = ask(session, desk, serial)
    decide(session, keys, boxes, serial, marks={1: True, 2: False})
    with pytest.raises(SettledMeanwhile):
        confirm_correction(session, void_id=void.id, **desk(1))


@pytest.mark.usefixtures("any_database")
def test_the_database_keeps_what_two_have_done(session, keys):
    boxes = make_boxes(session, keys)
    key_twice(session, keys, boxes, boxes.serials[0], "1")
    take_back(session, boxes, boxes.serials[0])
    refused(session, update(PaperVoid).values(reason="x"), "stays void")
    refused(session, delete(PaperVoid), "stays void")
    facts: dict[str, Any] = {"now": NOW, "round_id": boxes.round.id}
    paper = register_foreign(session, actor=boxes.actors[0], sign="复印的", **facts)
    confirm_foreign(session, actor=boxes.actors[1], foreign_id=paper.id, **facts)
    refused(session, update(PaperForeign).values(sign="x"), "two have seen")
    refused(session, delete(PaperForeign), "two have seen")
    signed = {"sheet": "{}", "outcome": "adds_up", "first_by": "a", "first_at": NOW}
    signed |= {"second_by": "b", "second_at": NOW}
    session.add(Reconciliation(round_id=boxes.round.id, **signed))
    session.flush()
    late = {
        "id": "v", "round_id": boxes.round.id, "serial": boxes.serials[1], "generation": 1,
        "reason": "x", "first_by": "a", "first_at": NOW,
    }  # fmt: skip
    refused(session, insert(PaperVoid).values(late), "has been reconciled")


def test_a_foreign_paper_is_seen_by_two(session, boxes, desk):
    paper = register_foreign(session, sign="编号 123，复印的", **desk(0))
    assert keying_progress(session, boxes.round.id).foreign_once == 1
    with pytest.raises(SameWitness):
        confirm_foreign(session, foreign_id=paper.id, **desk(0))
    confirm_foreign(session, foreign_id=paper.id, **desk(1))
    with pytest.raises(ForeignSettled):
        confirm_foreign(session, foreign_id=paper.id, **desk(2))
    with pytest.raises(ForeignSettled):
        drop_foreign(session, foreign_id=paper.id, **desk(0))
    with pytest.raises(NotFound):
        confirm_foreign(session, foreign_id="none", **desk(2))
    progress = keying_progress(session, boxes.round.id)
    assert (progress.foreign, progress.foreign_once) == (1, 0)
    assert [one.sign for one in foreign_of(session, boxes.round.id)[0]] == ["编号 123，复印的"]


def test_a_foreign_paper_registered_by_mistake_is_withdrawn(session, boxes, desk):
    paper = register_foreign(session, sign="?", **desk(0))
    drop_foreign(session, foreign_id=paper.id, **desk(0))
    assert foreign_of(session, boxes.round.id) == ([], 1)
