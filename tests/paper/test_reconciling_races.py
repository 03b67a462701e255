"""Many second officers at once: one statement decides; without it the database still lets one through."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update

from tests.factories.accounts import make_officer
from tests.factories.ballots import NOW
from tests.factories.reconciling import make_reconciled_boxes
from voting.errors import Refusal
from voting.paper.models import Reconciliation
from voting.paper.service import reconciling
from voting.paper.service.figuring import figure
from voting.paper.service.reconciling import sign_first, sign_second, standing_sheet

CONTENDERS = 10

pytestmark = pytest.mark.usefixtures("any_database")


def arranged(database, keys):
    with database.transaction() as session:
        boxes = make_reconciled_boxes(session, keys)
        seen = standing_sheet(session, boxes.round.id).digest
        sign_first(
            session, now=NOW, actor=boxes.actors[0], round_id=boxes.round.id, seen=seen,
            explanation="",
        )  # fmt: skip
        officers = [make_officer(session, area=boxes.round.area) for _ in range(CONTENDERS)]
        return boxes.round.id, seen, [officer.actor for officer in officers]


def race(database, keys):
    round_id, seen, actors = arranged(database, keys)
    start = threading.Barrier(CONTENDERS)

    def run(actor):
        start.wait()
        try:
            with database.transaction() as session:
                sign_second(session, now=NOW, actor=actor, round_id=round_id, seen=seen)
        except Refusal as refusal:
            return type(refusal).__name__
        return "second"

    with ThreadPoolExecutor(CONTENDERS) as pool:
        return Counter(pool.map(run, actors))


def test_of_many_second_officers_one_is_the_second(database, keys):
    assert race(database, keys) == {"second": 1, "SheetSigned": CONTENDERS - 1}


def test_without_the_condition_and_the_guard_all_of_them_would_be(database, keys, monkeypatch):
    def unconditional(round_id, officer_id, _sheet, now):
        mine = update(Reconciliation).where(Reconciliation.round_id == round_id)
        return mine.values(second_by=officer_id, second_at=now)

    monkeypatch.setattr(reconciling, "second_signature", unconditional)
    monkeypatch.setattr(
        reconciling,
        "_ready_sheet",
        lambda session, round_id, _seen: figure(session, round_id),
    )
    with database.transaction() as session:
        on = " ON reconciliation" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER reconciliation_signed{on}"))
    assert race(database, keys)["second"] == CONTENDERS
