"""Assisted voting in two real browsers: a desk with the person before it, and the second officer's phone."""

from datetime import timedelta

import pytest

from tests.browser import DESK, PHONE, axe, opened, shoot
from tests.factories.accounts import make_officer, sit_down
from tests.factories.assisting import make_helped
from tests.factories.ballots import keyring
from voting import clock as real_clock
from voting.permissions import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def officers(app, database, tmp_path):
    """A round that takes ballots now, and what the browsers of its two officers and the street carry."""
    now = real_clock.now()
    with database.transaction() as session:
        helped = make_helped(
            session, keyring(tmp_path / "var"), candidates=12, opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=1),
        )  # fmt: skip
        watcher = make_officer(session, area=helped.round.area, role=Role.STREET_OFFICER)
    tokens = [
        sit_down(app.test_client(), database, officer, now=now)
        for officer in (helped.first, helped.second, watcher)
    ]
    return f"/desk/rounds/{helped.round.id}/assist", tokens


def carry(page, server, token):
    page.context.add_cookies([{"name": "desk", "value": token, "url": server.url}])


def sound(page, name):
    assert axe(page) == []
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    shoot(page, name)


def arrive(desk, phone, address):
    """Find the person at the desk, and let the second officer confirm on a phone."""
    desk.goto(address)
    desk.get_by_label("查找居民").fill("3栋")
    desk.get_by_role("button", name="查找").click()
    sound(desk, "assist-1-found")
    desk.get_by_role("button", name="在投票点协助").click()
    sound(desk, "assist-2-waiting")
    phone.goto(address)
    sound(phone, "assist-3-second")
    phone.get_by_role("button", name="我在场，确认陪同").click()
    phone.get_by_text("已确认陪同").wait_for()


def vote(desk, address):
    desk.goto(address + "/ballot")
    for number in (2, 5):
        desk.locator(f"label[for=c{number}]").click()
    sound(desk, "assist-4-ballot")
    desk.get_by_role("button", name="下一步").click()
    desk.get_by_role("button", name="确认投票").wait_for()
    sound(desk, "assist-5-confirm")
    desk.get_by_role("button", name="确认投票").click()
    desk.get_by_text("投票成功").wait_for()
    sound(desk, "assist-6-receipt")


@pytest.fixture
def screen(chromium):
    with opened(chromium, **DESK) as page:
        yield page


def test_two_officers_help_a_person_to_vote(server, officers, screen, phone, chromium):
    path, (first, second, street) = officers
    carry(screen, server, first)
    carry(phone, server, second)
    arrive(screen, phone, server.url + path)
    vote(screen, server.url + path)
    with opened(chromium, **PHONE) as watcher:
        carry(watcher, server, street)
        watcher.goto(server.url + path + "/watch")
        watcher.get_by_text("协助 1 人").wait_for()
        sound(watcher, "assist-7-watch")
