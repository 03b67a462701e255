"""A resident who is not on the roll applies from a phone, on a real browser, in elder size."""

import pytest
from playwright.sync_api import Page

from tests.browser import axe, shoot
from tests.factories.areas import make_installation
from tests.factories.roll import make_round, person
from tests.serving import Server
from voting.persistence.session import Database

pytestmark = pytest.mark.browser


def sound(page: Page, name: str) -> None:
    """Fail unless the page is readable by everybody and no wider than the phone; keep its picture."""
    shoot(page, f"applying-{name}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_resident_who_is_not_on_the_roll_applies(
    phone: Page, server: Server, database: Database
) -> None:
    with database.transaction() as session:
        make_installation(session)
        round_id = make_round(session, phase="collecting").id
    phone.context.add_cookies([{"name": "size", "value": "elder", "url": server.url}])
    phone.goto(f"{server.url}/rounds/{round_id}")
    phone.get_by_role("link", name="名册上没有我").click()
    phone.fill("#name", "王一一")
    phone.fill("#number", str(person(5)[1]))
    phone.get_by_role("button", name="提交申请").click()
    sound(phone, "mistakes")
    assert phone.input_value("#name") == "王一一"
    phone.fill("#place", "3栋2单元502")
    phone.check("input[value=居住]")
    phone.check("#agrees")
    phone.get_by_role("button", name="提交申请").click()
    sound(phone, "code")
    code = phone.locator(".receipt-code").inner_text()
    phone.goto(f"{server.url}/apply")
    sound(phone, "find")
    phone.fill("#code", code)
    phone.get_by_role("button", name="查询").click()
    assert phone.get_by_text("等您带证件来办").is_visible()
