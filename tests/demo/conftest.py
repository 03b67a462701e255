"""One loaded demo for all tests of it, on each database: loading takes half a minute."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from flask import Flask, appcontext_pushed, g
from flask.testing import FlaskClient

from tests.postgres import Cluster
from voting.app import create_app
from voting.config import ROOT, Config
from voting.demo.holder import load_demo
from voting.demo.service import Loaded

# A Monday: what the street did yesterday it did on Friday.
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass
class Town:
    """An app with the demo, its clock, and what its first loads answered."""

    app: Flask
    now: datetime = NOW
    firsts: list[Loaded] = field(default_factory=list)
    public: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str) -> Any:
        """Run a command that answers JSON; fail unless it ends well."""
        done = self.app.test_cli_runner().invoke(args=[*command, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def say(self, *command: str) -> str:
        """Run a command and return what it prints."""
        done = self.app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    def client(self) -> FlaskClient:
        """Return a new browser."""
        return self.app.test_client()

    def round(self, phase: str) -> Any:
        """Return the first round in a phase."""
        return next(round for round in self.run("rounds", "list") if round["phase"] == phase)


# The demo is a SQLite database; on the other one it takes minutes, and the long campaigns have them.
@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)]
)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The demo, loaded by two at once, of which one must come second."""
    var = tmp_path_factory.mktemp(f"demo-{request.param}")
    environ = {"VOTING_VAR": str(var), "VOTING_DATABASE_URL": _database(request, var)}
    fetched = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "fonts"
    if fetched.is_dir():
        environ["VOTING_FONT_DIR"] = str(fetched)
    apps = [create_app(Config.from_environ(environ)) for _ in range(2)]
    town = Town(apps[0])
    begun = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        town.firsts = list(pool.map(lambda app: _load(app, NOW), apps))
    # Said, not asserted: how long it takes is the machine's affair.
    print(f"the demo was loaded on {request.param} in {perf_counter() - begun:.0f} s")  # noqa: T201 -- for who measures
    town.app.testing = True

    def set_clock(_app: Flask) -> None:
        g.now = town.now

    with appcontext_pushed.connected_to(set_clock, town.app):
        yield town
    for app in apps:
        app.extensions["voting.database"].engine.dispose()


def _database(request: pytest.FixtureRequest, var: Path) -> str:
    if request.param == "sqlite":
        path = var / "voting.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.url(cluster.create(template=request.getfixturevalue("postgres_template")))


def _load(app: Flask, now: datetime) -> Loaded:
    with app.app_context():
        return load_demo(now=now, progress=lambda _done, _total: None)[0]


@pytest.fixture
def later(town: Town) -> Iterator[Callable[[timedelta], None]]:
    """Let time go by in this town until the test ends."""

    def go(by: timedelta) -> None:
        town.now = NOW + by

    yield go
    town.now = NOW
