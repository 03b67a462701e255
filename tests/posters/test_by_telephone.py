"""A resident with a telephone and no card: scans, reads the code off the tablet, votes, keeps the receipt."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, axe, opened, shoot
from tests.factories.ballots import keyring
from tests.factories.posters import NAME, NUMBER, TOKEN, poster_round
from tests.serving import Server
from voting import clock
from voting.persistence.session import Database


@pytest.fixture
def round_id(database: Database, tmp_path) -> str:
    now = clock.now()
    made = poster_round(
        database, keyring(tmp_path / "var"), factors="screen,worker",
        opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=5),
    )  # fmt: skip
    return made.round_id


def read_off(chromium, server: Server) -> str:
    """Return the six digits that the tablet of the polling place shows."""
    with opened(chromium, **DESK) as tablet:
        tablet.goto(f"{server.url}/screen/{TOKEN}")
        expect(tablet.locator("[data-left]")).to_contain_text("秒换新数字")
        shoot(tablet, "polling-screen")
        assert axe(tablet) == []
        return re.sub(r"\D", "", tablet.locator(".minute").inner_text())


@pytest.mark.browser
def test_a_resident_votes_with_the_code_of_the_screen(
    round_id: str, server: Server, chromium, phone: Page
) -> None:
    address = f"{server.url}/p/{round_id}"
    phone.goto(address)
    phone.get_by_label("姓名", exact=True).fill(NAME)
    phone.get_by_label("证件号码", exact=True).fill(NUMBER)
    phone.get_by_label("投票点屏幕上的 6 位数字").fill("000000")
    phone.get_by_label("我同意用姓名").check()
    phone.get_by_role("button", name="核对，去投票").click()
    expect(phone.get_by_role("alert")).to_contain_text("没有核对上")
    assert axe(phone) == []
    for size in ("elder", "normal"):
        phone.locator(f"footer button[value={size}]").click()
        expect(phone.locator("html")).to_have_attribute("data-size", size)
        shoot(phone, f"poster-{size}")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_label("投票点屏幕上的 6 位数字").fill(read_off(chromium, server))
    phone.get_by_role("button", name="核对，去投票").click()
    expect(phone).to_have_url(f"{server.url}/ballot")
    phone.get_by_text("增设第1处无障碍坡道").click()
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="确认投票").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("投票成功")
