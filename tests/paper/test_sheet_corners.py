"""Corners in which a sheet could not be signed, or said what is not so."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.factories.ballots import NOW
from tests.factories.keying import key_twice, make_boxes
from tests.factories.paper import make_paper
from tests.factories.reconciling import make_reconciled_boxes, sign_sheet
from voting.paper.models import PaperBatch
from voting.paper.service import void_batch
from voting.paper.service.figuring import has_paper
from voting.paper.service.finishing import PapersCameBack
from voting.paper.service.reconciling import PaperNotReconciled, require_reconciled, standing_sheet
from voting.persistence.session import Database

pytestmark = pytest.mark.usefixtures("any_database")


def test_a_round_whose_papers_are_all_void_signs_a_sheet_without_bundles(session, keys):
    boxes = make_boxes(session, keys, papers=4)
    batch = session.scalars(select(PaperBatch)).one()
    void_batch(session, now=NOW, actor=boxes.actors[0], batch_id=batch.id, reason="没有用上")
    with pytest.raises(PaperNotReconciled):
        require_reconciled(session, boxes.round.id)
    sheet = standing_sheet(session, boxes.round.id).sheet
    assert (sheet.bundles, sheet.issued) == ((), 4)
    assert sign_sheet(session, boxes).outcome == "adds_up"
    require_reconciled(session, boxes.round.id)


def test_a_batch_that_was_void_before_the_ledger_knew_it_asks_for_no_sheet(session, keys):
    boxes = make_boxes(session, keys, papers=4)
    batch = session.scalars(select(PaperBatch)).one()
    batch.ledger_idx = None
    session.flush()
    void_batch(session, now=NOW, actor=boxes.actors[0], batch_id=batch.id, reason="没有用上")
    assert not has_paper(session, boxes.round.id)


def test_a_batch_of_which_papers_came_back_is_not_voided(session, keys):
    boxes = make_boxes(session, keys, papers=4)
    key_twice(session, keys, boxes, boxes.serials[0], "1")
    batch = session.scalars(select(PaperBatch)).one()
    with pytest.raises(PapersCameBack):
        void_batch(session, now=NOW, actor=boxes.actors[0], batch_id=batch.id, reason="没有用上")


def test_the_database_keeps_such_a_batch_too(database: Database, keys):
    with database.transaction() as session:
        boxes = make_boxes(session, keys, papers=4)
        key_twice(session, keys, boxes, boxes.serials[0], "1")
    with pytest.raises(DatabaseError, match="came back"), database.transaction() as session:
        session.scalars(select(PaperBatch)).one().state = "void"


def test_a_second_batch_that_was_not_needed_is_spoiled_on_the_sheet(session, keys):
    boxes = make_reconciled_boxes(session, keys)
    spare = make_paper(session, boxes.round, 3)
    void_batch(session, now=NOW, actor=boxes.actors[0], batch_id=spare.id, reason="没有用上")
    assert sign_sheet(session, boxes).outcome == "adds_up"
