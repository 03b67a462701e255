"""The running sum of a ballot inside a budget, on a real telephone."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, axe, opened, shoot
from tests.factories.ballots import MadeCard, keyring, make_cards, make_open_round
from tests.serving import Server
from voting import clock
from voting.persistence.session import Database
from voting.rounds.rules import MOST_LISTED

pytestmark = pytest.mark.browser
# Candidate n costs 8000 + 100n yuan.
LIMIT = 16_300_00


@pytest.fixture
def card(database: Database, tmp_path: Path) -> MadeCard:
    keys = keyring(tmp_path / "var")
    with database.transaction() as session:
        round = make_open_round(
            session, keys, ballot_kind="knapsack", spend_limit=LIMIT, most=MOST_LISTED,
            opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
        return make_cards(session, keys, round.id)[0]


def test_the_sum_runs_along_and_the_server_has_the_last_word(
    server: Server, chromium: Browser, card: MadeCard
) -> None:
    with opened(chromium, **PHONE) as page:
        page.goto(f"{server.url}/c/{card.token}")

        def said() -> str:
            return page.locator(".bar").inner_text().replace("\u00a0", " ")

        assert "合计 0 元，还可以选 1.63 万元" in said()
        page.locator("label[for=c1]").click()
        assert "合计 8100 元，还可以选 8200 元" in said()
        page.locator("label[for=c2]").click()
        assert "合计 1.63 万元，还可以选 0 元" in said()
        shoot(page, "ballot-inside-budget-at-the-limit")
        page.locator("label[for=c3]").click()
        assert "合计 2.46 万元，多了 8300 元，请去掉一些" in said()
        # What a reader of the screen hears says the same.
        heard = page.locator("output[data-said]").text_content() or ""
        assert heard.startswith("已选 3 项，合计 2.46")
        shoot(page, "ballot-inside-budget-over")
        assert axe(page) == []
        page.get_by_role("button", name="下一步").click()
        assert "超过每人可选的 1.63 万元" in page.locator("main").inner_text()
        # The ticks were kept, and the sum begins with them.
        assert "多了 8300 元" in said()
        shoot(page, "ballot-inside-budget-refused")
        page.locator("label[for=c3]").click()
        page.get_by_role("button", name="下一步").click()
        assert "您选了 2 项，合计 1.63 万元" in page.locator("main").inner_text()
        shoot(page, "ballot-inside-budget-confirm")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_large_type_and_no_script_say_the_limit(
    server: Server, chromium: Browser, card: MadeCard, device: dict[str, object]
) -> None:
    name = "phone" if device is PHONE else "desk"
    with opened(chromium, **device, java_script_enabled=False) as page:
        page.goto(f"{server.url}/c/{card.token}")
        page.locator("label[for=c1]").click()
        assert "合计不超过 1.63 万元" in page.locator(".bar").inner_text()
        shoot(page, f"ballot-inside-budget-without-script-{name}")
    with opened(chromium, **device) as page:
        page.context.add_cookies([{"name": "size", "value": "elder", "url": server.url}])
        page.goto(f"{server.url}/c/{card.token}")
        for number in (1, 2, 3):
            page.locator(f"label[for=c{number}]").click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        shoot(page, f"ballot-inside-budget-elder-{name}")
