import pytest

from tests.cards.conftest import Desk
from tests.cards.test_views import acts, batches, counts, use
from tests.factories.cards import make_batch, printed
from voting.adapters.keyring import Keyring
from voting.cards.models import CardBatch
from voting.cards.service import Counts
from voting.persistence.session import Database
from voting.rounds.service import get_round


def test_a_card_is_voided_by_its_stub(desk: Desk, batch: CardBatch, database: Database) -> None:
    page = desk.submit("/void-card", card="01-0002-3", reason="遗失")
    assert "卡 01-0002-3 已作废" in page.text
    assert counts(database, batch.id) == Counts(printed=20, spent=0, void=1)
    assert acts(database)[-1] == "cards.void_card"


def test_a_card_is_voided_by_a_scan(
    desk: Desk, batch: CardBatch, database: Database, keys: Keyring
) -> None:
    card = printed(batch, keys)["01-0001-1"]
    address = f"HTTPS://VOTE.EXAMPLE.CN/C/{card.token}"
    page = desk.submit("/void-card", card=address, reason="发错了")
    assert "卡 01-0001-1 已作废" in page.text
    assert card.token not in page.html


@pytest.mark.parametrize("path", ["/void-card", "/replace-card"])
def test_a_spent_card_gets_the_sentence_that_its_vote_stands(
    desk: Desk, batch: CardBatch, database: Database, path: str
) -> None:
    use(database, desk.round_id, "1-1-1")
    page = desk.submit(path, 422, card="01-0001-1", reason="遗失")
    assert "已经投过票，选票有效" in page.text
    assert counts(database, batch.id).spent == 1
    assert len(batches(database)) == 1


@pytest.mark.parametrize("path", ["/void-card", "/replace-card"])
def test_a_void_card_is_not_voided_again(desk: Desk, batch: CardBatch, path: str) -> None:
    desk.submit("/void-card", card="1-1-1", reason="遗失")
    assert "以前已经作废" in desk.submit(path, 422, card="1-1-1", reason="遗失").text


def test_a_lost_card_is_replaced_and_printed(
    desk: Desk, batch: CardBatch, database: Database
) -> None:
    page = desk.submit("/replace-card", card="１－１－２", reason="遗失")
    new = batches(database)[1]
    assert page.url == desk.url(f"/batches/{new.id}")
    assert "新卡正在生成" in page.text
    assert "第 1 批里的一张卡" in page.text
    assert acts(database)[-2:] == ["cards.replace_card", "cards.sheets"]


def test_only_a_stub_replaces_a_card(
    desk: Desk, batch: CardBatch, database: Database, keys: Keyring
) -> None:
    card = printed(batch, keys)["01-0001-1"]
    for text in (card.token, card.short_code, f"https://vote.example.cn/c/{card.token}"):
        desk.submit("/replace-card", 422, card=text, reason="遗失")
    assert counts(database, batch.id).void == 0


BAD = {
    "empty": {"card": "", "reason": "遗失"},
    "blank": {"card": "  ", "reason": "遗失"},
    "no such card": {"card": "09-0001-1", "reason": "遗失"},
    "no number": {"card": "第一张", "reason": "遗失"},
    "too long": {"card": "1" * 301, "reason": "遗失"},
    "nul": {"card": "1-1-1\0", "reason": "遗失"},
    "huge numbers": {"card": "999999999999-1-1", "reason": "遗失"},
    "no reason": {"card": "1-1-1", "reason": ""},
    "another reason": {"card": "1-1-1", "reason": "因为"},
}


@pytest.mark.parametrize("path", ["/void-card", "/replace-card"])
@pytest.mark.parametrize("fields", BAD.values(), ids=BAD.keys())
def test_bad_input_changes_nothing(
    desk: Desk, batch: CardBatch, database: Database, path: str, fields: dict[str, str]
) -> None:
    desk.submit(path, 422, **fields)
    assert counts(database, batch.id).void == 0


@pytest.mark.parametrize("path", ["/void-card", "/replace-card"])
def test_a_card_of_another_round_is_unknown_here(
    desk: Desk, database: Database, keys: Keyring, path: str
) -> None:
    with database.transaction() as session:
        foreign = make_batch(session, keys, get_round(session, desk.foreign_id), 2)
    for text in ("1-1-1", printed(foreign, keys)["01-0001-1"].token):
        page = desk.submit(path, 422, card=text, reason="遗失")
        assert "没有找到这张卡" in page.text
    assert counts(database, foreign.id).void == 0


def test_after_the_vote_no_card_is_replaced(
    desk: Desk, batch: CardBatch, database: Database
) -> None:
    with database.transaction() as session:
        get_round(session, desk.round_id).phase = "counting"
    page = desk.submit("/replace-card", 422, card="1-1-1", reason="遗失")
    assert "投票已经结束" in page.text
    assert counts(database, batch.id).void == 0
