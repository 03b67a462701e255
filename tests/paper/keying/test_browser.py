"""Keying on a real browser, by keyboard alone."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import TimeoutError as NeverTold
from sqlalchemy import func, select

from tests.browser import axe, shoot
from tests.factories.accounts import sit_in
from tests.factories.areas import make_installation
from tests.factories.keying import make_boxes, paper_of
from voting import clock
from voting.ballots.models import UrnEntry

pytestmark = pytest.mark.browser


@pytest.fixture
def boxes(database, keys, request):
    papers = getattr(request, "param", 4)
    with database.transaction() as session:
        make_installation(session)
        made = make_boxes(session, keys, papers=papers, candidates=39, most=10)
        # A real server reads the real clock.
        made.round.extended_to = clock.now() - timedelta(hours=1)
        return made


def sit(page, server, database, boxes, who):
    token = sit_in(database, boxes.officers[who], now=clock.now())
    page.context.add_cookies([{"name": "desk", "value": token, "url": server.url}])
    page.goto(f"{server.url}/desk/rounds/{boxes.round.id}/paper/keying")
    page.wait_for_function("document.activeElement.id === 'serial'")


def key_by_hand(page, serial, ticks, *, delay=0):
    """Key a paper without the mouse, and wait until the next one may come."""
    page.keyboard.type(serial, delay=delay)
    page.keyboard.press("Enter")
    page.keyboard.type(ticks, delay=delay)
    page.keyboard.press("Enter")


def told(page, words):
    try:
        page.wait_for_function(
            "words => document.querySelector('[data-told]').textContent.includes(words)", arg=words
        )
    except NeverTold as late:
        fields = page.input_value("#serial"), page.input_value("#ticks"), focused(page)
        raise AssertionError((words, page.text_content("[data-told]"), fields)) from late


def focused(page):
    return page.evaluate("document.activeElement.id")


def sound(page, name):
    shoot(page, f"keying-{name}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_is_typed_lights_up_and_is_looked_at_before_it_is_sent(desk, server, database, boxes):
    serial = boxes.serials[0]
    sit(desk, server, database, boxes, 0)
    assert focused(desk) == "serial"
    desk.keyboard.type(serial[:-1] + str((int(serial[-1]) + 1) % 10) + "\n")
    told(desk, "校验位")
    desk.keyboard.type(serial + "\n")
    assert focused(desk) == "ticks"
    desk.keyboard.type("01051239?")
    lit = desk.locator("[data-number].on").evaluate_all("all => all.map(one => one.dataset.number)")
    assert lit == ["1", "5", "12"]
    assert desk.locator("[data-number].doubt").get_attribute("data-number") == "39"
    sound(desk, "typing")
    desk.keyboard.type("40\n")
    told(desk, "没有 40 号")
    desk.keyboard.press("Escape")
    assert focused(desk) == "serial"


def test_two_officers_key_papers_by_keyboard_alone(desk, server, database, boxes):
    first, second, *_ = boxes.serials
    sit(desk, server, database, boxes, 0)
    key_by_hand(desk, first, "010512")
    told(desk, "第一遍录好")
    key_by_hand(desk, second, "")
    told(desk, "再按一次回车")
    desk.keyboard.press("Enter")
    told(desk, "第一遍录好")
    sit(desk, server, database, boxes, 1)
    key_by_hand(desk, first, "1 5 12")
    told(desk, "已投进票箱")
    assert focused(desk) == "serial"
    key_by_hand(desk, second, "3")
    told(desk, "要裁定")
    assert desk.text_content('[data-progress="disputed"]') == "1"
    sound(desk, "done")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UrnEntry)) == 1
        assert paper_of(session, boxes, first).state == "entered"


def test_nothing_is_lost_when_the_network_fails(desk, server, database, boxes):
    serial = boxes.serials[0]
    sit(desk, server, database, boxes, 0)
    answer = {"status": 200, "content_type": "text/html", "body": "<p>…</p>"}
    desk.route("**/paper/keying", lambda route: route.fulfill(**answer))
    key_by_hand(desk, serial, "010512")
    told(desk, "没有送到")
    assert (desk.input_value("#serial"), desk.input_value("#ticks")) == (serial, "010512")
    desk.unroute("**/paper/keying")
    desk.keyboard.press("Enter")
    told(desk, "第一遍录好")


@pytest.mark.soak
@pytest.mark.parametrize("boxes", [60], indirect=True)
def test_a_minute_has_room_for_more_than_twenty_papers(
    desk, server, database, boxes, record_property
):
    ticks = "".join(f"{number:02d}" for number in range(2, 40, 4))
    sit(desk, server, database, boxes, 0)
    waits = []
    began = time.monotonic()
    for serial in boxes.serials:
        key_by_hand(desk, serial, ticks, delay=60)
        sent = time.monotonic()
        told(desk, "第一遍录好")
        waits.append(time.monotonic() - sent)
    minutes = (time.monotonic() - began) / 60
    record_property("papers a minute", f"{len(boxes.serials) / minutes:.1f}")
    record_property("slowest answer", f"{max(waits) * 1000:.0f} ms")
    assert len(boxes.serials) / minutes >= 20
