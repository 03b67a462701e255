"""A third officer and a monitor decide a paper on which two keyers differ or doubt."""

import pytest
from sqlalchemy import delete, insert, select, update

from tests.factories.audits import make_monitor, refused
from tests.factories.ballots import NOW
from tests.factories.keying import decide, key, key_twice, make_boxes, paper_of
from voting.adapters.sealing import unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, decode, seal_info
from voting.journal.models import JournalEntry
from voting.paper.models import PaperDecision, PaperKeying
from voting.paper.rules.keying import NumberUnknown
from voting.paper.service.adjudicating import (
    KeyerAdjudicates,
    MarkUndecided,
    NothingDisputed,
    PlainNumbersOnly,
    decisions_of,
    disputed_papers,
    open_case,
)
from voting.paper.service.keying import PaperSettled
from voting.rounds.service import MonitorUnfit


@pytest.fixture
def boxes(session, keys):
    return make_boxes(session, keys)


def in_urn(session, keys, boxes):
    entries = session.scalars(select(UrnEntry).where(UrnEntry.round_id == boxes.round.id)).all()
    private = keys.seal_key(boxes.round.id)
    infos = [seal_info(boxes.round.id, boxes.round.config_hash, one.slot) for one in entries]
    texts = [unseal(private, one.sealed, info) for one, info in zip(entries, infos, strict=True)]
    return [decode(text[SALT_LENGTH:]).choices for text in texts]


def test_the_third_sees_both_keyings_and_what_is_open(session, keys, boxes):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1 2 3", "1 2 4?")
    (waiting,), pages = disputed_papers(session, boxes.round.id)
    assert (waiting.serial, waiting.batch, waiting.bundle, pages) == (serial, 1, 1, 1)
    case = open_case(
        session, actor=boxes.actors[2], keys=keys, round_id=boxes.round.id, serial=serial
    )
    assert (case.agreed, case.marks) == ((1, 2), (3, 4))
    assert case.first.ticks == {1, 2, 3}
    assert case.second.doubts == {4}


def test_marks_that_count_join_those_of_both(session, keys, boxes):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1 2", "1 4?")
    assert decide(session, keys, boxes, serial, marks={2: True, 4: False}) is None
    assert in_urn(session, keys, boxes) == [(1, 2)]
    assert paper_of(session, boxes, serial).state == "entered"
    (one,), _ = decisions_of(session, boxes.round.id, page=None)
    assert (one.outcome, one.by, one.monitor_id) == (
        "counted", boxes.officers[2].id, boxes.monitor.id,
    )  # fmt: skip
    assert disputed_papers(session, boxes.round.id)[0] == []
    assert set(session.scalars(select(PaperKeying.sealed))) == {None}


def test_a_number_that_nobody_keyed_can_be_added(session, keys, boxes):
    key_twice(session, keys, boxes, boxes.serials[0], "1", "2")
    decide(session, keys, boxes, boxes.serials[0], marks={1: True, 2: False}, also="7")
    assert in_urn(session, keys, boxes) == [(1, 7)]


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        ({"void": "torn"}, "torn"),
        ({"marks": {3: True, 4: True}}, "over"),
        ({"marks": {3: True, 4: False}, "also": "9"}, "over"),
    ],
)
def test_a_paper_may_count_for_nothing(session, keys, boxes, verdict, reason):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1 2 3", "1 2 4")
    assert decide(session, keys, boxes, serial, **verdict) == reason
    assert in_urn(session, keys, boxes) == []
    assert paper_of(session, boxes, serial).reason == reason
    assert decisions_of(session, boxes.round.id)[0][0].outcome == "invalid"


def test_a_doubt_about_the_whole_paper_is_decided_without_open_marks(session, keys, boxes):
    key_twice(session, keys, boxes, boxes.serials[0], "1 2 *m")
    assert decide(session, keys, boxes, boxes.serials[0]) is None
    assert in_urn(session, keys, boxes) == [(1, 2)]


def test_a_keyer_neither_sees_nor_decides(session, keys, boxes):
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1", "2")
    for who in (0, 1):
        with pytest.raises(KeyerAdjudicates):
            decide(session, keys, boxes, serial, who=who, marks={1: True, 2: False})
        with pytest.raises(KeyerAdjudicates):
            open_case(
                session, actor=boxes.actors[who], keys=keys, round_id=boxes.round.id, serial=serial
            )


def test_what_waits_for_no_decision_is_not_decided(session, keys, boxes):
    first, second, third, _ = boxes.serials
    key(session, keys, boxes, 0, first, "1")
    key_twice(session, keys, boxes, second, "1")
    for serial in (first, third):
        with pytest.raises(NothingDisputed):
            decide(session, keys, boxes, serial)
    with pytest.raises(PaperSettled):
        decide(session, keys, boxes, second)


def test_each_open_mark_is_decided(session, keys, boxes):
    key_twice(session, keys, boxes, boxes.serials[0], "1 2", "1 4")
    with pytest.raises(MarkUndecided, match="4 号"):
        decide(session, keys, boxes, boxes.serials[0], marks={2: True})
    with pytest.raises(PlainNumbersOnly):
        decide(session, keys, boxes, boxes.serials[0], marks={2: True, 4: True}, also="3?")
    with pytest.raises(NumberUnknown):
        decide(session, keys, boxes, boxes.serials[0], marks={2: True, 4: True}, also="99")


def test_a_monitor_of_this_round_watches(session, keys, boxes):
    key_twice(session, keys, boxes, boxes.serials[0], "1", "2")
    boxes.monitor.ended_at = NOW
    session.flush()
    with pytest.raises(MonitorUnfit):
        decide(session, keys, boxes, boxes.serials[0], marks={1: True, 2: True})


def test_the_journal_knows_the_paper_and_not_what_it_says(session, keys, boxes):
    key_twice(session, keys, boxes, boxes.serials[0], "1", "2")
    decide(session, keys, boxes, boxes.serials[0], marks={1: True, 2: False}, reason="勾在两行之间")
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.act == "paper.adjudicate")
    ).one()
    assert "两行" not in entry.details
    assert '"outcome":"counted"' in entry.details


@pytest.mark.usefixtures("any_database")
def test_the_database_knows_who_may_decide(session, keys):
    boxes = make_boxes(session, keys)
    serial = boxes.serials[0]
    key_twice(session, keys, boxes, serial, "1", "2")
    row = {
        "round_id": boxes.round.id, "serial": serial, "generation": 1, "at": NOW,
        "outcome": "counted", "reason": "", "monitor_id": boxes.monitor.id,
    }  # fmt: skip
    by_keyer = insert(PaperDecision).values(row | {"by": boxes.officers[0].id})
    refused(session, by_keyer, "a keyer does not adjudicate")
    other = make_boxes(session, keys)
    watched = {"by": boxes.officers[2].id, "monitor_id": other.monitor.id}
    refused(session, insert(PaperDecision).values(row | watched), "a monitor watches")
    gone = make_monitor(session, boxes.round, name="旧人", ended_at=NOW)
    left = {"by": boxes.officers[2].id, "monitor_id": gone.id}
    refused(session, insert(PaperDecision).values(row | left), "a monitor watches")
    decide(session, keys, boxes, serial, marks={1: True, 2: False})
    refused(session, update(PaperDecision).values(reason="x"), "as it was made")
    refused(session, delete(PaperDecision), "as it was made")
