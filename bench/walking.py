"""Voters: each opens a connection, walks the five requests, and is timed from first byte to last."""

import re
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from threading import Thread

_DIGEST = re.compile(rb'name="form" value="(\w+)"')
PROCESSES = 2
THREADS = 4


@dataclass(frozen=True)
class Card:
    """What a voter holds."""

    token: str
    check_code: str


@dataclass(frozen=True)
class Walked:
    """How long each voter took, in seconds, and how long all of them together."""

    seconds: float
    each: Sequence[float]

    @property
    def per_second(self) -> float:
        """Complete voters per second."""
        return len(self.each) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds that ``share`` of the voters stayed below."""
        return sorted(self.each)[int(share * (len(self.each) - 1))] * 1000


class _Line:
    """A connection that knows just enough HTTP: answers with a Content-Length, and when to begin anew."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(60)

    def ask(
        self, method: str, path: str, *, cookie: str = "", body: str = ""
    ) -> tuple[bytes, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if cookie:
            head += f"Cookie: {cookie}\r\n"
        if method == "POST":
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(f"{head}\r\n{body}".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        header, _, rest = received.partition(b"\r\n\r\n")
        length = int(_value(header, b"content-length") or b"0")
        while len(rest) < length:
            rest += self._more()
        if _value(header, b"connection").lower() == b"close":
            self.close()
            self._open()
        return header, rest

    def _more(self) -> bytes:
        got = self._socket.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        return got

    def close(self) -> None:
        self._socket.close()


def _value(header: bytes, name: bytes) -> bytes:
    for line in header.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""


def _expect(header: bytes, status: bytes) -> None:
    if header[9:12] != status:
        raise RuntimeError(f"expected {status!r}, got {header[:40]!r}")


def vote(port: int, card: Card) -> None:
    """Scan, read the ballot, confirm, cast, read the receipt."""
    line = _Line(port)
    try:
        header, _ = line.ask("GET", f"/c/{card.token}")
        _expect(header, b"303")
        cookie = _value(header, b"set-cookie").split(b";")[0].decode()
        header, page = line.ask("GET", "/ballot", cookie=cookie)
        _expect(header, b"200")
        found = _DIGEST.search(page)
        digest = found.group(1).decode() if found else ""
        body = f"form={digest}&choice=3&choice=7&choice=11"
        header, _ = line.ask("POST", "/ballot", cookie=cookie, body=body)
        _expect(header, b"200")
        body += f"&check_code={card.check_code}"
        header, _ = line.ask("POST", "/ballot/cast", cookie=cookie, body=body)
        _expect(header, b"303")
        header, _ = line.ask("GET", _value(header, b"location").decode(), cookie=cookie)
        _expect(header, b"200")
    finally:
        line.close()


def insert_row(port: int, _card: Card) -> None:
    """Post to the one-row floor."""
    line = _Line(port)
    try:
        header, _ = line.ask("POST", "/row")
        _expect(header, b"200")
    finally:
        line.close()


Walk = Callable[[int, Card], None]


def walk_all(port: int, cards: Sequence[Card], walk: Walk = vote) -> Walked:
    """Let all cards walk, eight at a time in two processes; the same client for every server."""
    shares = [cards[start::PROCESSES] for start in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_ready, range(PROCESSES)))
        began = time.perf_counter()
        each = [
            seconds
            for share in pool.map(_walk_share, [port] * PROCESSES, shares, [walk] * PROCESSES)
            for seconds in share
        ]
        return Walked(time.perf_counter() - began, each)


def _ready(_index: int) -> None:
    time.sleep(0.05)


def _walk_share(port: int, cards: Sequence[Card], walk: Walk) -> list[float]:
    waiting = list(cards)
    times: list[float] = []
    failures: list[Exception] = []

    def run() -> None:
        while waiting and not failures:
            try:
                card = waiting.pop()
            except IndexError:
                return
            began = time.perf_counter()
            try:
                walk(port, card)
            except Exception as failed:  # noqa: BLE001 -- handed to the caller below
                failures.append(failed)
            times.append(time.perf_counter() - began)

    threads = [Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times
