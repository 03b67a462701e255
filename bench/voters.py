"""Complete voters per second, beside two floors: the same five requests unanswered, and one committed row."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.walking import Card, Walked, insert_row, vote, walk_all
from tests.databases import migrate
from tests.factories.ballots import keyring, open_round_with_cards
from tests.serving import serving
from voting import clock
from voting.persistence.session import Database

WARM_UP = 200
CANDIDATES = 39


def measure_voters(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Return the figures of one database."""
    migrate(url, var)
    now = clock.now()
    database = Database(url)
    made = open_round_with_cards(
        database, keyring(var), amount + WARM_UP, candidates=CANDIDATES, most=10,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
    )[1]  # fmt: skip
    database.engine.dispose()
    cards = [Card(card.token, card.check_code) for card in made]
    nobody = [Card(secrets.token_hex(13), "000000") for _ in range(amount + WARM_UP)]
    with _port(url, var, "bench.empty:app") as port:
        empty = _walk(port, nobody)
    with _port(url, var, "bench.one_row:app") as port:
        walk_all(port, nobody[:WARM_UP], insert_row)
        row = walk_all(port, nobody[WARM_UP:], insert_row)
    with _port(url, var, "wsgi:app") as port:
        voters = _walk(port, cards)
    return {
        "complete voters a second": f"{voters.per_second:.0f}",
        "a voter's five requests, p50 / p95": _times(voters),
        "floor: empty walk a second": f"{empty.per_second:.0f}",
        "floor: empty walk, p50 / p95": _times(empty),
        "floor: one committed row a second": f"{row.per_second:.0f}",
        "share of the empty walk": f"{voters.per_second / empty.per_second:.2f}",
        "share of the one-row floor": f"{voters.per_second / row.per_second:.2f}",
    }


def _walk(port: int, cards: list[Card]) -> Walked:
    walk_all(port, cards[:WARM_UP], vote)
    return walk_all(port, cards[WARM_UP:], vote)


def _times(walked: Walked) -> str:
    return f"{walked.percentile(0.5):.1f} / {walked.percentile(0.95):.1f} ms"


@contextmanager
def _port(url: str, var: Path, app: str) -> Iterator[int]:
    environ = {"VOTING_DATABASE_URL": url, "VOTING_VAR": str(var), "VOTING_LOG_LEVEL": "WARNING"}
    with serving(environ, workers=4, app=app) as server:
        yield int(server.url.rsplit(":", 1)[1])
