"""Batches of paper ballots in the ledger, as docs/2_rules/ledger.md describes their entries."""

import json

import pytest
from sqlalchemy import select, update

from tests.factories.ballots import NOW, make_open_round
from tests.factories.paper import make_paper, serials_of
from voting.ledger.models import LedgerEntry
from voting.ledger.rules.tree import leaf_hash, root_of
from voting.ledger.service import due_rounds, make_checkpoint
from voting.paper.models import PaperBatch
from voting.upkeep.service.checking.ledgers import check_ledger


@pytest.fixture
def round(session, keys, any_database):
    return make_open_round(session, keys)


def test_a_batch_of_papers_stands_in_the_ledger_and_is_marked(session, keys, round):
    make_checkpoint(session, now=NOW, keys=keys, round_id=round.id)
    assert due_rounds(session) == []
    batch = make_paper(session, round, 7, versions=2)
    session.execute(update(PaperBatch).values(ledger_idx=None))
    assert due_rounds(session) == [round.id]
    make_checkpoint(session, now=NOW, keys=keys, round_id=round.id)
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "paper")).one()
    serials = sorted(serials_of(session, batch))
    assert json.loads(entry.body) == {
        "kind": "paper", "batch": batch.id, "number": 1, "ballots": 7, "versions": 2,
        "root": root_of(leaf_hash(one.encode()) for one in serials).hex(),
    }  # fmt: skip
    session.refresh(batch)
    assert batch.ledger_idx == entry.idx
    assert list(check_ledger(session, round)) == []
