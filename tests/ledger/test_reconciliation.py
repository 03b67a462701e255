"""The leaf of the sheet: pulled once two have signed, and its sums are those an outsider adds up."""

import json

import pytest
from sqlalchemy import select

from tests.factories.ballots import NOW, keyring
from tests.factories.reconciling import make_reconciled_boxes, sign_sheet
from tests.factories.tally import open_by_two
from voting.ledger.models import LedgerEntry
from voting.ledger.service import make_checkpoint
from voting.paper.models import PaperBatch
from voting.paper.service.reconciling import sign_first, standing_sheet
from voting.tally.service import count


@pytest.fixture
def keys(tmp_path):
    return keyring(tmp_path)


def entries(session, round, kind):
    found = select(LedgerEntry).where(LedgerEntry.round_id == round.id, LedgerEntry.kind == kind)
    return session.scalars(found.order_by(LedgerEntry.idx)).all()


def checkpoint(session, keys, boxes):
    make_checkpoint(session, now=NOW, keys=keys, round_id=boxes.round.id)


def unmarked(session):
    """Let the ledger take the batch that the factory calls marked."""
    session.scalars(select(PaperBatch)).one().ledger_idx = None


def test_a_sheet_of_two_is_pulled_once_and_adds_up(session, keys, any_database):
    boxes = make_reconciled_boxes(session, keys)
    unmarked(session)
    sign_sheet(session, boxes)
    checkpoint(session, keys, boxes)
    checkpoint(session, keys, boxes)
    (entry,) = entries(session, boxes.round, "reconciliation")
    body = json.loads(entry.body)
    assert entry.source == f"reconciliation:{boxes.round.id}"
    assert body == {
        "kind": "reconciliation", "at": "2026-11-23T02:00:00Z", "outcome": "adds_up", "issued": 6,
        "returned": 3, "entered": 3, "invalid": 0, "spoiled": 0, "unused": 3, "outstanding": 0,
        "foreign": 0,
    }  # fmt: skip
    (batch,) = entries(session, boxes.round, "paper")
    assert json.loads(batch.body)["ballots"] == body["issued"]
    ballots = [one.idx for one in entries(session, boxes.round, "ballot")]
    assert len(ballots) == body["entered"]


def test_what_only_one_has_signed_is_not_pulled(session, keys):
    boxes = make_reconciled_boxes(session, keys)
    seen = standing_sheet(session, boxes.round.id).digest
    sign_first(
        session, now=NOW, actor=boxes.actors[0], round_id=boxes.round.id, seen=seen, explanation=""
    )
    checkpoint(session, keys, boxes)
    assert entries(session, boxes.round, "reconciliation") == []


def test_the_sheet_stands_before_the_count(session, keys):
    boxes = make_reconciled_boxes(session, keys)
    sign_sheet(session, boxes)
    open_by_two(session, boxes.round)
    count(session, now=NOW, keys=keys, round_id=boxes.round.id)
    (sheet,) = entries(session, boxes.round, "reconciliation")
    (tally,) = entries(session, boxes.round, "tally")
    assert sheet.idx < tally.idx
