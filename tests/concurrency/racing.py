"""Many browsers at once against a real server: scan, then all confirm in the same moment."""

import http.client
import re
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.factories.ballots import MadeCard

_DIGEST = re.compile(rb'name="form" value="(\w+)"')


@dataclass
class Phone:
    """One browser: a connection, and the cookie of the card it scanned."""

    connection: http.client.HTTPConnection
    cookie: str = ""
    digest: str = ""

    def request(self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()):
        body = urlencode(fields) if fields else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response, response.read()

    def scan(self, card: MadeCard) -> None:
        response, _ = self.request("GET", f"/c/{card.token}")
        assert response.status == 303, response.status
        self.cookie = response.headers["Set-Cookie"].split(";")[0]
        response, page = self.request("GET", "/ballot")
        found = _DIGEST.search(page)
        assert found, (response.status, response.headers.items(), page[:300])
        self.digest = found.group(1).decode()

    def confirm(self, card: MadeCard, choice: int) -> tuple[int, str]:
        fields = [("form", self.digest), ("choice", str(choice)), ("check_code", card.check_code)]
        response, _ = self.request("POST", "/ballot/cast", fields)
        return response.status, response.headers.get("Location", "")


def phone_at(url: str) -> Phone:
    """Return a browser that talks to this server."""
    host = urlsplit(url).netloc
    return Phone(http.client.HTTPConnection(host, timeout=60))


def race(
    url: str, cards: Sequence[MadeCard], *, posts: int
) -> tuple[Counter[int], dict[str, set[str]]]:
    """Let ``posts`` submissions of each card run at once; return the statuses and each card's receipts.

    Half of them come from one browser that taps again and again, half from browsers of their own.
    """
    statuses: Counter[int] = Counter()
    receipts: dict[str, set[str]] = {}
    with ThreadPoolExecutor(posts) as pool:
        for card in cards:
            phones = [phone_at(url) for _ in range(posts)]
            phones[0].scan(card)
            for index, phone in enumerate(phones[1:], start=1):
                if index < posts // 2:
                    phone.cookie, phone.digest = phones[0].cookie, phones[0].digest
                else:
                    phone.scan(card)
            start = threading.Barrier(posts)
            answers = list(pool.map(_confirm_together, [(phone, card, start) for phone in phones]))
            statuses.update(status for status, _ in answers)
            receipts[card.token] = {place for _, place in answers if place.startswith("/receipts/")}
            for phone in phones:
                phone.connection.close()
    return statuses, receipts


def _confirm_together(job: tuple[Phone, MadeCard, threading.Barrier]) -> tuple[int, str]:
    phone, card, start = job
    start.wait()
    return phone.confirm(card, choice=1)
