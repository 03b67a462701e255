"""The town of a journey, on a database of its own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import papers
from tests.journeys.town import Town


@pytest.fixture
def town(chromium: Browser, environ: dict[str, str]) -> Iterator[Town]:
    """A town on a Monday morning in November, with nothing set up yet."""
    var = Path(environ["VOTING_VAR"])
    var.mkdir(parents=True)
    (var / "fonts").symlink_to(papers.fonts().shelf.parent)
    town = Town(chromium, environ)
    town.becomes(date(2026, 11, 23), 10)
    with town.awake():
        yield town
