"""What the longest ballot page costs a telephone: measured by the browser, with nothing kept from before."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import PHONE, opened, shoot
from tests.factories.ballots import MadeCard, keyring, make_cards
from tests.journeys.rounds import make_full_round
from tests.serving import Server
from voting import clock
from voting.adapters.storage import FileStore
from voting.persistence.session import Database
from voting.rounds.rules import MOST_LISTED

MOST_OF_HTML = 25_000
MOST = 60_000


class Scale:
    """Weighs what comes over the wire for one page, headers included, in bytes by path."""

    def __init__(self, page: Page) -> None:
        self.parts: dict[str, int] = {}
        self.hosts: set[str] = set()
        self._asked: dict[str, str] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._ask)
        wire.on("Network.loadingFinished", self._put)

    def _ask(self, event: dict[str, Any]) -> None:
        # A redirect keeps its id: its own answer comes along with the next question.
        if "redirectResponse" in event:
            self._put({**event["redirectResponse"], "requestId": event["requestId"]})
        address = urlsplit(event["request"]["url"])
        self.hosts.add(address.netloc)
        self._asked[event["requestId"]] = address.path

    def _put(self, event: dict[str, Any]) -> None:
        path = self._asked.pop(event["requestId"])
        self.parts[path] = self.parts.get(path, 0) + int(event["encodedDataLength"])


INSIDE_BUDGET = {
    "ballot_kind": "knapsack",
    "spend_limit": 300_000_00,
    "max_choices": MOST_LISTED,
}


@pytest.fixture
def card(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> MadeCard:
    """A card of a round with 39 candidates, each with a photograph."""
    var = tmp_path / "var"
    with database.transaction() as session:
        keys = keyring(var)
        files, changes = FileStore(var / "files"), getattr(request, "param", {})
        round = make_full_round(session, keys, now=clock.now(), files=files, **changes)
        return make_cards(session, keys, round.id)[0]


@pytest.mark.parametrize(
    ("card", "scripts"),
    [
        pytest.param({}, True, id="with scripts"),
        pytest.param({}, False, id="without scripts"),
        pytest.param(INSIDE_BUDGET, True, id="inside a budget", marks=pytest.mark.soak),
    ],
    indirect=["card"],
)
def test_the_ballot_page_with_39_photographs_is_light(
    server: Server, chromium: Browser, card: MadeCard, scripts: bool
) -> None:
    with opened(chromium, **PHONE, java_script_enabled=scripts) as page:
        scale = Scale(page)
        page.goto(f"{server.url}/c/{card.token}", wait_until="networkidle")
        shoot(page, f"ballot-with-39-photographs-{'and' if scripts else 'without'}-scripts")
        weighed = dict(scale.parts)
        page.locator("label[for=c7]").click()
        page.get_by_role("button", name="下一步").click()
        assert "您选了 1 项" in page.locator("main").inner_text()
    (photographs,) = (size for path, size in weighed.items() if path.endswith("/ballot.jpg"))
    assert photographs > 39 * 150, weighed
    assert weighed["/ballot"] <= MOST_OF_HTML, weighed
    assert sum(weighed.values()) <= MOST, weighed
    assert scale.hosts == {urlsplit(server.url).netloc}
