"""Voters who do not give up: each retries with the same browser until it is shown a receipt."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

from tests.concurrency.racing import Phone, phone_at
from tests.factories.ballots import MadeCard

THREADS = 4
# A voter who never gets through must end the test, not hang it.
PATIENCE = 120.0
_LOST = (OSError, http.client.HTTPException)


class _Busy(Exception):
    """The server answered that it cannot work now."""


@dataclass
class Crowd:
    """A crowd before a server that may die; ``url`` is where it stands at the moment."""

    url: str
    receipts: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    retries: int = 0
    _tally: threading.Lock = field(default_factory=threading.Lock)

    def vote_all(self, cards: Sequence[MadeCard]) -> None:
        """Let these cards vote, a few at a time; return when every one has its receipt."""
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._vote, cards))

    def _vote(self, card: MadeCard) -> None:
        browser = Browser()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self._try(browser, card)
            except (*_LOST, _Busy):
                with self._tally:
                    self.retries += 1
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"no receipt after {PATIENCE} s: {self.statuses}")

    def _try(self, browser: "Browser", card: MadeCard) -> None:
        phone = phone_at(self.url)
        phone.cookie, phone.digest = browser.cookie, browser.digest
        with closing(phone.connection):
            if not browser.cookie:
                _scan(phone, card)
                browser.cookie, browser.digest = phone.cookie, phone.digest
            status, place = phone.confirm(card, choice=len(self.receipts) % 3 + 1)
        with self._tally:
            self.statuses[status] += 1
            if status == 303:
                self.receipts[card.token] = place.removeprefix("/receipts/")
        if status != 303:
            raise _Busy


@dataclass
class Browser:
    """What survives a lost connection: the cookie, and the page that is still on the screen."""

    cookie: str = ""
    digest: str = ""


def _scan(phone: Phone, card: MadeCard) -> None:
    try:
        phone.scan(card)
    except AssertionError as odd:
        raise _Busy from odd
