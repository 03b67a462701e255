from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cards.conftest import Desk
from tests.conftest import Clock
from tests.factories.ballots import make_listed_elector
from tests.visiting import read
from voting.areas.models import Installation
from voting.cards.models import CardBatch
from voting.cards.service import Counts, counts_of, find_by_serial, spend
from voting.journal.models import JournalEntry
from voting.persistence.session import Database
from voting.rounds.service import get_round


def batches(database: Database) -> list[CardBatch]:
    with database.reading() as session:
        found = list(session.scalars(select(CardBatch).order_by(CardBatch.number)))
        session.expunge_all()
        return found


def counts(database: Database, batch_id: str) -> Counts:
    with database.reading() as session:
        return counts_of(session, batch_id)


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(JournalEntry.act).order_by(JournalEntry.idx)))


def roll_of(database: Database, round_id: str, people: int) -> None:
    with database.transaction() as session:
        for _ in range(people):
            make_listed_elector(session, round_id)


def use(database: Database, round_id: str, stub: str) -> None:
    with database.transaction() as session:
        card = find_by_serial(session, round_id, stub)
        spend(session, round_id=round_id, cred_hash=card.cred_hash, check_hmac=None)


def test_an_empty_list_says_so_and_leads_on(desk: Desk) -> None:
    page = desk.visit()
    assert "还没有印投票卡" in page.text
    assert desk.url("/new") in page.links


def test_a_batch_is_made_and_its_file_ordered(desk: Desk, database: Database) -> None:
    roll_of(database, desk.round_id, 20)
    page = desk.submit("/new", count="20")
    made = batches(database)[0]
    assert (made.count, made.holder_id) == (20, desk.officer.id)
    assert page.url == desk.url(f"/batches/{made.id}")
    assert "正在排队" in page.text
    assert acts(database) == ["cards.issue", "cards.sheets"]


def test_the_form_proposes_what_the_roll_needs(desk: Desk, database: Database) -> None:
    roll_of(database, desk.round_id, 41)
    page = desk.visit("/new")
    assert page.form(page.url).values["count"] == ["44"]


def test_more_cards_than_people_are_asked_about_and_then_made(
    desk: Desk, database: Database
) -> None:
    roll_of(database, desk.round_id, 10)
    page = desk.submit("/new", 422, count="30")
    assert "多出 19 张" in page.text
    assert batches(database) == []
    desk.submit("/new", 303, count="30", beyond="y")
    assert batches(database)[0].count == 30


@pytest.mark.parametrize("count", ["", "0", "-3", "20001", "1.5", "二十", "9" * 40, "1\0"])
def test_a_number_of_cards_is_a_whole_number_that_fits(
    desk: Desk, database: Database, count: str
) -> None:
    page = desk.submit("/new", 422, count=count, beyond="y")
    assert "请填 1 到 20000 之间的整数" in page.text
    assert batches(database) == []


def test_the_page_says_why_no_cards_can_be_made_now(
    desk: Desk, database: Database, clock: Clock
) -> None:
    with database.transaction() as session:
        session.get_one(Installation, 1).scanned_url = None
    page = desk.visit("/new")
    assert "还没有用手机扫过测试二维码" in page.text
    clock.now += timedelta(days=7)
    assert all(form.action != page.url for form in page.forms)


def test_a_form_that_was_open_too_long_makes_no_cards(desk: Desk, database: Database) -> None:
    page = desk.visit("/new")
    with database.transaction() as session:
        get_round(session, desk.round_id).phase = "counting"
    answer = desk.client.post(
        page.url, data={**page.form(page.url).values, "count": "5", "beyond": "y"}
    )
    assert "投票已经结束" in read(answer, status=422).text
    assert batches(database) == []


def test_assigned_cards_go_to_everybody_without_one(desk: Desk, database: Database) -> None:
    roll_of(database, desk.round_id, 7)
    page = desk.submit("/new-assigned", building="3栋")
    made = batches(database)[0]
    assert (made.mode, made.count) == ("assigned", 7)
    names = desk.visit(f"/batches/{made.id}/deliveries")
    assert f"/desk/rounds/{desk.round_id}/cards/batches/{made.id}/deliveries" in page.links
    assert "01-0002-1" in names.text
    assert "都已经有卡" in desk.visit("/new-assigned").text


def test_a_building_that_is_not_on_the_roll_is_refused(desk: Desk, database: Database) -> None:
    roll_of(database, desk.round_id, 2)
    desk.submit("/new-assigned", 422, building="99栋")
    assert batches(database) == []


def test_bearer_cards_have_no_delivery_list(desk: Desk, batch: CardBatch) -> None:
    desk.visit(f"/batches/{batch.id}/deliveries", status=404)


def test_the_list_shows_where_the_cards_are(
    desk: Desk, batch: CardBatch, database: Database
) -> None:
    use(database, desk.round_id, "1-1-1")
    page = desk.visit()
    assert "第 1 批等待打印 201019 李社工" in page.text
    desk.visit("?page=2", status=404)
    desk.visit("?page=x")


def test_single_cards_are_listed_apart(desk: Desk, batch: CardBatch) -> None:
    desk.submit("/replace-card", card="1-1-2", reason="遗失")
    assert "第 2 批" not in desk.visit().text
    assert "第 2 批" in desk.visit("?single=1").text
