"""Every page a resident can meet: axe finds nothing, nothing slides sideways, nothing needs a script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests import papers
from tests.browser import PHONE, axe, opened, shoot
from tests.factories.ballots import MadeCard, keyring
from tests.journeys.failing import CODES
from tests.journeys.people import slides_sideways
from tests.journeys.rounds import Cards, make_every_state
from tests.serving import serving
from voting import clock
from voting.ballots.models import UrnEntry
from voting.ballots.rules import receipt_code
from voting.journal.rules import COMMAND_LINE
from voting.ledger.holder import checkpoint_apart
from voting.ledger.service import note_for_ledger
from voting.ledger.views.notice import issue_checkpoint
from voting.persistence.session import Database
from voting.results.views import declare_and_issue
from voting.rounds.models import Round
from voting.tally.views.announcing import issue_vote

SIZES = ("normal", "elder")
# What a finger must hit (phone.md §4.1): links inside a sentence are read, not aimed at.
LEAST_TARGET = {"normal": 44, "elder": 60}
SMALLEST_TEXT = {"normal": 16, "elder": 24}
TARGETS = ".button, .size button, .input, summary, .cand label, .back, .bottom nav a, .phone"
MEASURE = """selector => Array.from(document.querySelectorAll(selector))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width && box.height)
  .map(([e, box]) => [e.outerHTML.slice(0, 120), Math.round(Math.min(box.width, box.height))])"""
TEXTS = """() => {
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && element.getClientRects().length
        && !element.closest(".sr, .skip")) {
      const size = parseFloat(getComputedStyle(element).fontSize);
      found[element.outerHTML.slice(0, 120)] = size;
    }
  }
  return Object.entries(found);
}"""


@dataclass(frozen=True)
class Place:
    """The server, and what is there to be visited."""

    url: str
    cards: Cards
    vote_notice: str
    result_notice: str
    daily_notice: str
    receipt: str
    sizes: tuple[int, int]


@pytest.fixture
def place(app: Flask, database: Database, environ: dict[str, str]) -> Iterator[Place]:
    """A server with rounds in every state, among them one whose result was declared."""
    var = Path(environ["VOTING_VAR"])
    (var / "fonts").symlink_to(papers.fonts().shelf.parent)
    with database.transaction() as session:
        cards = make_every_state(session, keyring(var), now=clock.now())
    with app.test_request_context():
        vote = issue_vote(cards.voting, COMMAND_LINE).number
        first = checkpoint_apart(cards.counted).size
        result = declare_and_issue(cards.counted, COMMAND_LINE).number
        daily = issue_checkpoint(cards.counted, COMMAND_LINE).number
    with database.transaction() as session:
        session.get_one(Round, cards.counted).phase = "publicity"
        note_for_ledger(session, now=clock.now(), round_id=cards.counted, kind="sheets", set=2)
        slot = session.scalars(
            select(UrnEntry.slot).where(UrnEntry.round_id == cards.counted)
        ).first()
    with app.test_request_context():
        last = checkpoint_apart(cards.counted).size
    assert slot is not None
    code = receipt_code(slot)
    with serving(environ, app="tests.journeys.failing:app") as server:
        yield Place(server.url, cards, vote, result, daily, code, (first, last))


Visit = Callable[[Page], object]


def scan(place: Place, card: MadeCard) -> Visit:
    """Return how a card is scanned by a telephone that holds no other."""

    def visit(page: Page) -> None:
        page.context.clear_cookies(name="card")
        page.goto(f"{place.url}/c/{card.token}")

    return visit


def open_page(place: Place, path: str) -> Visit:
    return lambda page: page.goto(place.url + path)


def tick(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator(f"label[for=c{number}]").click()


def choose(page: Page, *numbers: int) -> None:
    tick(page, *numbers)
    press(page, "下一步")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def type_code(page: Page, code: str) -> None:
    page.locator("[name=check_code]").fill(code)
    press(page, "确认投票")


def type_card(page: Page, code: str) -> None:
    page.locator("main [name=code]").fill(code)
    page.locator("main form button").click()


def look_as_somebody_else(page: Page) -> None:
    page.context.clear_cookies(name="card")
    page.reload()


def pages_without_card(place: Place) -> dict[str, Visit]:
    """Return the pages that anyone can open."""
    cards = place.cards
    paths = {
        "首页": "/",
        "首页，没有找到": "/search?q=没有这个小区",
        "找小区": "/search",
        "轮次，投票中": f"/rounds/{cards.voting}",
        "轮次，已截止": f"/rounds/{cards.closed}",
        "轮次，有结果": f"/rounds/{cards.counted}",
        "海报": f"/p/{cards.voting}",
        "输入卡号": "/c",
        "不是投票卡": "/c/AAAA",
        "查回执": "/receipts",
        "查回执，抄错": "/receipts?code=1",
        "没有这个回执": f"/receipts/{'A' * 16}",
        "结果，还没有": f"/rounds/{cards.closed}/result",
        "结果": f"/rounds/{cards.counted}/result",
        "投票通告": f"/notices/{place.vote_notice}",
        "结果公示": f"/notices/{place.result_notice}",
        "封存公告": f"/notices/{place.daily_notice}",
        "回执的证明": f"/receipts/{place.receipt}/proof",
        "公开账本": f"/ledger/{cards.counted}",
        "公开账本，还没有": f"/ledger/{cards.voting}",
        "公开账本，号不对": f"/ledger/{cards.counted}?head=0000000000000000",
        "公开账本，号抄错": f"/ledger/{cards.counted}?head=1",
        "两个封存点": f"/ledger/{cards.counted}/consistency?first={place.sizes[0]}&second={place.sizes[1]}",
        "保守秘密": f"/rounds/{cards.voting}/secrecy",
        "保守秘密，各种办法": "/secrecy",
        "个人信息": "/privacy",
        "登录": "/sign-in",
        "凭条不能用": "/s/AAAA",
        **{f"错误 {code}": f"/fails/{code}" for code in CODES},
    }
    return {name: open_page(place, path) for name, path in paths.items()}


def pages_with_card(place: Place, voter: MadeCard) -> dict[str, Visit]:
    """Return the pages of whoever holds a card, in the order of a vote by ``voter``."""
    cards = place.cards
    return {
        "卡已用": scan(place, cards.used),
        "卡作废": scan(place, cards.void),
        "卡锁住": scan(place, cards.locked),
        "卡太早": scan(place, cards.early),
        "卡太晚": scan(place, cards.late),
        "投票暂停": scan(place, cards.paused),
        "选票": scan(place, voter),
        "选票，没有选": lambda page: press(page, "下一步"),
        "选票，选多了": lambda page: tick(page, 1, 2, 3, 4),
        "核对": lambda page: choose(page, 4),
        "核对，验证码不对": lambda page: type_code(page, "12345"),
        "回执": lambda page: type_code(page, voter.check_code),
        "回执的证明，等着": lambda page: page.goto(f"{page.url}/proof"),
        "回执，再看": lambda page: page.goto(page.url.removesuffix("/proof")),
        "别人的回执": look_as_somebody_else,
    }


def faults_of(page: Page, size: str) -> list[str]:
    """Return what is wrong with the page as it stands in this size of type."""
    found = axe(page)
    if page.locator("html").get_attribute("data-size") != size:
        found.append("another size of type")
    if slides_sideways(page):
        found.append("slides sideways")
    found += [
        f"only {points} px to hit: {html}"
        for html, points in page.evaluate(MEASURE, TARGETS)
        if points < LEAST_TARGET[size]
    ]
    found += [
        f"letters of {points} px: {html}"
        for html, points in page.evaluate(TEXTS)
        if points < SMALLEST_TEXT[size]
    ]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_good_to_read_and_to_touch(
    place: Place, chromium: Browser, size: str
) -> None:
    voter = place.cards.good[SIZES.index(size)]
    visits = pages_without_card(place) | pages_with_card(place, voter)
    found: dict[str, list[str]] = {}
    with opened(chromium, **PHONE) as page:
        page.context.add_cookies([{"name": "size", "value": size, "url": place.url}])
        for number, (name, visit) in enumerate(visits.items(), 1):
            visit(page)
            if faults := faults_of(page, size):
                found[name] = faults
                shoot(page, f"faulty-page-{number:02d}-{size}")
    assert not found, "\n".join(f"{name}: {fault}" for name in found for fault in found[name])


def test_a_whole_vote_needs_no_script(place: Place, chromium: Browser) -> None:
    card = place.cards.good[2]
    with opened(chromium, **PHONE, java_script_enabled=False) as page:
        page.goto(f"{place.url}/c")
        type_card(page, card.short_code)
        page.locator(".size.all button[value=elder]").click()
        page.locator("html[data-size=elder]").wait_for(state="attached")
        tick(page, 2, 5, 7, 1)
        assert not page.get_by_role("button", name="下一步").is_visible()
        choose(page, 1)
        press(page, "返回修改")
        assert page.locator("input[name=choice]:checked").count() == 3
        choose(page, 2)
        assert "您选了 2 项" in page.locator("main").inner_text()
        type_code(page, card.check_code)
        assert "投票成功" in page.locator("h1").inner_text()
        shoot(page, "receipt-without-scripts")


def test_a_page_that_is_not_good_is_found_out(chromium: Browser) -> None:
    with opened(chromium, **PHONE) as page:
        page.set_content(
            "<!doctype html><html lang=zh-CN data-size=normal><title>x</title>"
            "<meta name=viewport content='width=device-width, initial-scale=1'>"
            "<main><h1>x</h1><img src='data:,'>"
            "<p style='font-size: 11px; width: 900px'>小</p><a class=button href=/>去</a></main>"
        )
        found = " ".join(faults_of(page, "normal"))
    for fault in ("image-alt", "slides sideways", "px to hit", "letters of 11 px"):
        assert fault in found
