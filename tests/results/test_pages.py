"""The pages from the opening of the urn to the notice, in a real browser."""

import hashlib
import secrets
from datetime import timedelta

import pytest

from tests.browser import axe, shoot
from tests.factories.ballots import keyring
from tests.factories.notices import let_print
from tests.factories.tally import fill, make_openers, make_real_round, mark_on
from voting import clock as real_clock
from voting.accounts.models import OfficerSession
from voting.rounds.models import Round

pytestmark = pytest.mark.browser
BALLOTS = [*[(1, 2, 3, 4)] * 21, *[(4, 7, 12)] * 15, *[(1, 8, 9)] * 9, *[(2, 6, 11)] * 8]
DAYS = [3] * 15 + [2] * 6 + [1] * 20 + [0] * 12
SIZES = ("normal", "large", "elder")


@pytest.fixture
def street(database, config):
    """A round whose vote has just ended, and what the browsers of two officers carry."""
    let_print(config)
    now = real_clock.now()
    with database.transaction() as session:
        round = make_real_round(session, keyring(config.var), closes_at=now - timedelta(hours=1))
        fill(session, round.id, BALLOTS)
        mark_on(session, round.id, DAYS, electors=70, now=now)
        officers = [officer.id for officer in make_openers(session, round.area)]
        round_id = round.id
    tokens = [secrets.token_urlsafe(32) for _ in officers]
    with database.transaction() as session:
        for officer_id, token in zip(officers, tokens, strict=True):
            session.add(
                OfficerSession(
                    token_hash=hashlib.sha256(token.encode()).digest(), officer_id=officer_id,
                    started_at=now, seen_at=now,
                )
            )  # fmt: skip
    return round_id, tokens


def carry(page, server, name, value):
    page.context.add_cookies([{"name": name, "value": value, "url": server.url}])


def sound(page, name):
    assert axe(page) == []
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    shoot(page, name)


def press(page, words):
    page.get_by_role("button", name=words).click()
    page.wait_for_load_state()


def test_from_the_closing_to_the_notice(server, database, street, desk, phone):
    round_id, (first, second) = street
    count, result = f"/desk/rounds/{round_id}/count", f"/desk/rounds/{round_id}/result"
    carry(desk, server, "desk", first)
    desk.goto(server.url + count)
    sound(desk, "count-1-first")
    press(desk, "我同意开箱")
    sound(desk, "count-2-waiting")

    carry(desk, server, "desk", second)
    desk.goto(server.url + count)
    press(desk, "确认，开箱计票")
    sound(desk, "count-3-counted")
    with database.transaction() as session:
        session.get_one(Round, round_id).phase = "result_review"
    desk.goto(server.url + result)
    sound(desk, "result-1-review")
    press(desk, "审定，发布公示")
    assert desk.get_by_text("结果已经审定，公示编号").is_visible()
    sound(desk, "result-2-declared")
    desk.goto(f"{server.url}/desk/notices")
    sound(desk, "notices-desk")
    for size in SIZES:
        carry(phone, server, "size", size)
        read_on(phone, f"{server.url}/rounds/{round_id}/result", size)


def read_on(phone, address, size):
    """Read the result on a phone, unfold everything, and go on to the paper."""
    phone.goto(address)
    for fold in phone.locator("summary").all():
        fold.click()
    sound(phone, f"result-3-phone-{size}")
    phone.get_by_role("link", name="看公示全文").click()
    phone.wait_for_load_state()
    picture = phone.locator("main img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    sound(phone, f"notice-phone-{size}")


def test_the_count_can_be_confirmed_on_a_phone(server, street, phone):
    round_id, (first, second) = street
    for token, words in ((first, "我同意开箱"), (second, "确认，开箱计票")):
        carry(phone, server, "desk", token)
        phone.goto(f"{server.url}/desk/rounds/{round_id}/count")
        sound(phone, f"count-phone-{words[-2:]}")
        press(phone, words)
    assert phone.get_by_text("计票完成").first.is_visible()
    sound(phone, "count-phone-counted")
