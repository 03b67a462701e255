"""A resident proposes from a phone, on a real browser: normal and elder size, with and without mistakes."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import axe, shoot
from tests.factories.areas import make_installation
from tests.factories.proposals import photograph
from tests.factories.sending import make_collecting_round, make_sent
from tests.serving import Server
from voting import clock
from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.persistence.session import Database

pytestmark = pytest.mark.browser


@pytest.fixture
def round_id(database: Database, keys: Keyring) -> str:
    """The id of a round that takes proposals and has one already."""
    with database.transaction() as session:
        make_installation(session)
        round = make_collecting_round(session)
        # A real server reads the real clock.
        round.collecting_until = local_day(clock.now()) + timedelta(days=9)
        make_sent(session, keys, round, state="accepted", title="3栋楼道安装扶手", now=clock.now())
        return round.id


def sound(page: Page, name: str) -> None:
    """Fail unless the page is readable by everybody and no wider than the phone; keep its picture."""
    shoot(page, f"proposing-{name}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def write_wish(phone: Page, photo: Path) -> None:
    """Write what is wished for; a page that was left by mistake comes back filled."""
    phone.fill("#title", "楼道里装扶手")
    phone.fill("#place", "3栋2单元楼道")
    phone.fill("#reason", "楼里老人多，上下楼没有地方扶。")
    phone.reload()
    assert phone.input_value("#title") == "楼道里装扶手", (
        "what was written is kept on the telephone"
    )
    phone.check("input[name=category][value=engineering]")
    phone.set_input_files("#photo_1", photo)


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_a_resident_proposes_something(
    phone: Page, server: Server, round_id: str, tmp_path: Path, size: str
) -> None:
    phone.context.add_cookies([{"name": "size", "value": size, "url": server.url}])
    photo = tmp_path / "a.jpg"
    photo.write_bytes(photograph())
    phone.goto(f"{server.url}/rounds/{round_id}")
    sound(phone, f"{size}-round")
    phone.get_by_role("link", name="我要提建议").click()
    write_wish(phone, photo)
    phone.get_by_role("button", name="下一步").click()
    sound(phone, f"{size}-mistakes")
    phone.fill("#proposer_name", "张桂兰")
    phone.fill("#phone", "0791-86543210")
    for box in ("input[value=live]", "#is_old", "#agrees"):
        phone.check(box)
    phone.get_by_role("button", name="下一步").click()
    sound(phone, f"{size}-check")
    assert phone.get_by_text("已经有人提过差不多的").is_visible()
    phone.get_by_role("button", name="还是要提").click()
    sound(phone, f"{size}-code")
    assert phone.get_by_text("待受理").first.is_visible()
    phone.goto(f"{server.url}/rounds/{round_id}/propose")
    assert phone.input_value("#title") == "", "what was sent is not kept on the telephone"
    phone.goto(f"{server.url}/rounds/{round_id}/proposals")
    sound(phone, f"{size}-list")
