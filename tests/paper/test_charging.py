from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW
from tests.factories.paper import make_paper
from voting.desk.service import holdings, retire
from voting.journal.models import JournalEntry
from voting.journal.rules import COMMAND_LINE
from voting.paper.models import PaperBundle
from voting.paper.service import (
    BatchNotPrinted,
    BundleInUse,
    BundleTaken,
    NoBundleChosen,
    PaperHolderUnfit,
    charge_bundles,
    papers_left,
    take_back,
)

ACT: dict[str, Any] = {"now": NOW, "actor": COMMAND_LINE}


def holders(session, batch):
    session.expire_all()
    mine = select(PaperBundle.holder_id).where(PaperBundle.batch_id == batch.id)
    return session.scalars(mine.order_by(PaperBundle.number)).all()


@pytest.mark.usefixtures("any_database")
def test_a_worker_is_charged_with_all_of_the_bundles_or_none(session, round, worker, other):
    batch = make_paper(session, round, 120)
    charge_bundles(session, **ACT, batch_id=batch.id, numbers=[1, 2], officer_id=worker.id)
    assert holders(session, batch) == [worker.id, worker.id, None]
    assert papers_left(session, round.id, worker.id) == 100
    for numbers in ([2, 3], [3, 4]):
        with pytest.raises(BundleTaken), session.begin_nested():
            charge_bundles(session, **ACT, batch_id=batch.id, numbers=numbers, officer_id=other.id)
    assert holders(session, batch) == [worker.id, worker.id, None]
    acts = session.scalars(select(JournalEntry.act)).all()
    assert acts == ["paper.charge"]


def test_only_what_is_printed_goes_to_a_worker_of_the_area(session, round, worker):
    batch = make_paper(session, round, 10)
    stranger = make_officer(session, role="community_worker")
    auditor = make_officer(session, area=round.area, role="auditor")
    for unfit in (stranger.id, auditor.id, "nobody", "\0"):
        with pytest.raises(PaperHolderUnfit):
            charge_bundles(session, **ACT, batch_id=batch.id, numbers=[1], officer_id=unfit)
    with pytest.raises(NoBundleChosen):
        charge_bundles(session, **ACT, batch_id=batch.id, numbers=[], officer_id=worker.id)
    batch.state = "ready"
    with pytest.raises(BatchNotPrinted):
        charge_bundles(session, **ACT, batch_id=batch.id, numbers=[1], officer_id=worker.id)


def test_a_bundle_is_taken_back_as_long_as_nothing_was_handed_out_of_it(session, round, worker):
    batch = make_paper(session, round, 100, holder=worker)
    session.get_one(PaperBundle, (batch.id, 2)).handed = 1
    session.flush()
    take_back(session, **ACT, batch_id=batch.id, number=1)
    assert holders(session, batch) == [None, worker.id]
    for number in (1, 2, 3):
        with pytest.raises(BundleInUse):
            take_back(session, **ACT, batch_id=batch.id, number=number)


def test_bundles_of_an_officer_who_leaves_go_to_the_receiver(session, round, worker, other):
    batch = make_paper(session, round, 60, holder=worker)
    assert [line.left for line in holdings(session, worker.id).bundles] == [50, 10]
    retire(session, **ACT, officer_id=worker.id, receiver_id=other.id)
    assert holders(session, batch) == [other.id, other.id]
