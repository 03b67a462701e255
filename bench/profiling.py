"""Where a voter's time goes: processor milliseconds of each request, inside one process, without a server."""

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.voters import CANDIDATES
from tests.databases import migrate
from tests.factories.ballots import keyring, open_round_with_cards
from voting import clock
from voting.app import create_app
from voting.config import Config
from voting.persistence.session import Database

_DIGEST = re.compile(r'name="form" value="(\w+)"')
_WARM_UP = 20
Fields = dict[str, str | list[str]]


def profile_voters(url: str, var: Path, amount: int) -> dict[str, Any]:
    """Return processor milliseconds per request; ``healthz`` is what the test client itself costs."""
    migrate(url, var)
    now, database = clock.now(), Database(url)
    cards = open_round_with_cards(
        database, keyring(var), amount + _WARM_UP, candidates=CANDIDATES, most=10,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
    )[1]  # fmt: skip
    app = create_app(Config.from_environ({"VOTING_VAR": str(var), "VOTING_DATABASE_URL": url}))
    taken: dict[str, float] = {}

    def timed(
        name: str, client: FlaskClient, path: str, fields: Fields | None = None
    ) -> TestResponse:
        began = time.process_time()
        response = client.get(path) if fields is None else client.post(path, data=fields)
        taken[name] = taken.get(name, 0.0) + time.process_time() - began
        return response

    for index, card in enumerate(cards):
        if index == _WARM_UP:
            taken.clear()
        client = app.test_client()
        timed("the client alone (healthz)", client, "/healthz")
        timed("scan", client, f"/c/{card.token}")
        page = timed("ballot page", client, "/ballot")
        found = _DIGEST.search(page.get_data(as_text=True))
        fields: Fields = {"form": found.group(1) if found else "", "choice": ["3", "7", "9"]}
        timed("confirm page", client, "/ballot", fields)
        done = timed("cast", client, "/ballot/cast", {**fields, "check_code": card.check_code})
        timed("receipt", client, done.location or "/")
    app.extensions["voting.database"].engine.dispose()
    database.engine.dispose()
    return {name: f"{seconds / amount * 1000:.2f} ms" for name, seconds in taken.items()}
