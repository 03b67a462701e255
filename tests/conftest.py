"""Fixtures that most tests want; the others live in the modules named below."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, appcontext_pushed, g
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from jinja2 import FileSystemBytecodeCache
from xdist.scheduler.loadfile import LoadFileScheduling

from voting.app import create_app
from voting.config import ROOT, Config

pytest_plugins = [
    "tests.routing",
    "tests.databases",
    "tests.postgres",
    "tests.serving",
    "tests.browser",
]

_CACHE = Path(os.environ.get("VOTING_VAR") or ROOT / "var").absolute() / "cache"
(_CACHE / "templates").mkdir(parents=True, exist_ok=True)
_compiled_templates = FileSystemBytecodeCache(str(_CACHE / "templates"))
set_hypothesis_home_dir(_CACHE / "hypothesis")
# Two slow cores are no fault of the code: examples are bounded by their number, not by a stop-watch.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


# Each of these files keeps a worker busy for minutes: begun last, they would leave the other one idle.
_LONGEST = ("tests/journeys/test_path_of_a_ballot", "tests/demo/", "tests/journeys/")


# These files look at the same loaded demo: one worker loads it once for all of them.
_TOGETHER = ("tests/demo/test_loading", "tests/demo/test_pages", "tests/demo/test_told")


class _ByFile(LoadFileScheduling):
    """Keeps every file on one worker, and the files of the demo together."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0]
        return "tests/demo" if name.startswith(_TOGETHER) else name


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _ByFile:
    """Schedule by file."""
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files."""
    places = (*_LONGEST, "")

    def place(item: pytest.Item) -> int:
        return next(at for at, name in enumerate(places) if item.nodeid.startswith(name))

    items.sort(key=place)


@dataclass
class Clock:
    """The time of a test; ``clock.now += timedelta(days=8)`` lets a week go by."""

    now: datetime


@pytest.fixture
def now() -> datetime:
    """A Monday morning in November, 10:00 in Shanghai."""
    return datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The time at which this test's app answers requests and runs commands."""
    return Clock(now)


@pytest.fixture
def environ(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The settings of this test's app, as a server would be given them."""
    return {"VOTING_VAR": str(tmp_path / "var"), "VOTING_DATABASE_URL": database_url}


@pytest.fixture
def config(environ: dict[str, str]) -> Config:
    """The settings of this test's app."""
    return Config.from_environ(environ)


@pytest.fixture
def app(config: Config, clock: Clock) -> Iterator[Flask]:
    """The app, on a database of this test's own, at the time of ``clock``."""

    def set_clock(_app: Flask) -> None:
        g.now = clock.now

    app = create_app(config)
    app.testing = True
    # Every test has an app of its own; its templates need not be compiled anew each time.
    app.jinja_env.bytecode_cache = _compiled_templates
    with appcontext_pushed.connected_to(set_clock, app):
        yield app
    app.extensions["voting.database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, for tests of views."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands as ``flask`` does."""
    return app.test_cli_runner()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested: a skip nobody notices is a test nobody has."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2] for report in reports)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED: {count} x {reason}", red=True, bold=True)
