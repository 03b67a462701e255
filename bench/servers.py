"""The same walks on other WSGI servers: what the choice of the server rests on."""

import contextlib
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.voters import CANDIDATES, WARM_UP
from bench.walking import Card, vote, walk_all
from tests.databases import migrate
from tests.factories.ballots import keyring, open_round_with_cards
from tests.serving import free_port, stop
from voting import clock
from voting.config import ROOT
from voting.persistence.session import Database

_GRANIAN = (
    "granian --interface wsgi --http 1 --no-ws --host 127.0.0.1 --port {port} --no-access-log "
    "--log-level warning --workers-kill-timeout 5 --workers {workers} --blocking-threads {threads} {app}"
)
_GUNICORN = "gunicorn -b 127.0.0.1:{port} --log-level warning -w {workers} {kind} {app}"
SERVERS = {
    "granian 2 x 4": _GRANIAN.replace("{workers}", "2").replace("{threads}", "4"),
    "granian 2 x 1": _GRANIAN.replace("{workers}", "2").replace("{threads}", "1"),
    "granian 4 x 1": _GRANIAN.replace("{workers}", "4").replace("{threads}", "1"),
    "gunicorn sync 3": _GUNICORN.replace("{workers}", "3").replace("{kind}", "-k sync"),
    "gunicorn gthread 2 x 4": _GUNICORN.replace("{workers}", "2").replace(
        "{kind}", "-k gthread --threads 4"
    ),
}


def compare_servers(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Return voters and empty walks a second for each server."""
    migrate(url, var)
    now = clock.now()
    figures = {}
    for name, command in SERVERS.items():
        database = Database(url)
        made = open_round_with_cards(
            database, keyring(var), amount + WARM_UP, candidates=CANDIDATES, most=10,
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
        )[1]  # fmt: skip
        database.engine.dispose()
        cards = [Card(card.token, card.check_code) for card in made]
        nobody = [Card(secrets.token_hex(13), "0") for _ in cards]
        figures[name] = " · ".join(
            f"{label} {_walk(command, app, url, var, held):.0f} a second"
            for label, app, held in (
                ("voters", "wsgi:app", cards),
                ("empty", "bench.empty:app", nobody),
            )
        )
    return figures


def _walk(command: str, app: str, url: str, var: Path, cards: list[Card]) -> float:
    with _running(command, app, url, var) as port:
        walk_all(port, cards[:WARM_UP], vote)
        return walk_all(port, cards[WARM_UP:], vote).per_second


@contextlib.contextmanager
def _running(command: str, app: str, url: str, var: Path) -> Iterator[int]:
    port = free_port()
    words = command.format(port=port, app=app).split()
    environ = {
        **os.environ, "VOTING_DATABASE_URL": url, "VOTING_VAR": str(var), "VOTING_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    process = subprocess.Popen(
        [str(ROOT / ".venv/bin/python"), "-m", *words], cwd=ROOT, env=environ,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        time.sleep(4)
        yield port
    finally:
        stop(process)
