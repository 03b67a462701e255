"""A page of the ballot that was opened before a candidate was withdrawn."""

import pytest
from sqlalchemy import func, select

from tests.factories.ballots import NOW, open_round_with_cards
from tests.factories.withdrawals import make_withdrawn
from tests.visiting import read, submit, visit
from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard


@pytest.fixture
def cards(database, app):
    return open_round_with_cards(database, app.extensions["voting.keys"], count=2)[1]


def withdraw(database, client, number):
    """Take a candidate off the list; the copy of the ballot paper that the process keeps runs out."""
    with database.transaction() as session:
        round_id = session.scalars(select(BallotCard.round_id)).first()
        make_withdrawn(session, round_id, number, at=NOW, reason="地下有燃气管线")
    client.application.extensions["voting.papers"].clear()


def test_a_page_opened_before_a_withdrawal_is_refused_and_keeps_its_other_ticks(
    client, cards, database
):
    client.get(f"/c/{cards[0].token}")
    opened = visit(client, "/ballot")
    withdraw(database, client, 2)
    late = read(submit(client, opened, "/ballot", choice=["1", "2"]), "/ballot", status=422)
    assert "2 号项目已经撤下，不能再选" in late.text
    assert "已撤下，不能选：地下有燃气管线" in late.text
    boxes = {box.get("value"): box for box in late.all("input") if box.get("name") == "choice"}
    assert boxes["1"].get("checked") is not None
    assert boxes["2"].get("checked") is None
    assert boxes["2"].get("disabled") is not None
    confirm = read(submit(client, late, "/ballot", choice=["1"]))
    receipt = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code)
    assert receipt.status_code == 303


def test_a_withdrawal_between_the_confirm_page_and_the_cast_spends_nothing(client, cards, database):
    client.get(f"/c/{cards[0].token}")
    confirm = read(submit(client, visit(client, "/ballot"), "/ballot", choice=["1", "2"]))
    withdraw(database, client, 2)
    refused = submit(client, confirm, "/ballot/cast", check_code=cards[0].check_code)
    page = read(refused, "/ballot/cast", status=422)
    assert "2 号项目已经撤下" in page.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UrnEntry)) == 0
