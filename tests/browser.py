"""A real browser: pages of a phone and of a desk that fail the test when something is wrong with them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from voting.config import ROOT

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}

ABSENT = "Chromium was found under none of its names"

_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def executable() -> str | None:
    """Return the path of Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


class Watch:
    """Notes what must not happen on any page: script errors, broken parts, foreign hosts."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser also calls a form answered with 422 an error; parts of a page are judged below.
        answered = message.text.startswith("Failed to load resource: the server responded")
        if message.type in {"error", "warning"} and not answered:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            self.faults.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # A download and a page left early are aborted; neither is a fault.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"part of a page: {request.failure} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.faults.append(f"part of a page: {response.status} {response.url}")


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it stands, one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]


def shoot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page as ``var/pictures/<name>.png``."""
    folder = Path(os.environ.get("VOTING_VAR") or ROOT / "var") / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of this test run."""
    path = executable()
    if path is None:
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Browser, **device: Any) -> Iterator[Page]:
    """Open a page with cookies of its own; at the end fail if anything on it went wrong."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
    context.set_default_timeout(10_000)
    watch = Watch(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page on a resident's phone, 390 x 844."""
    with opened(chromium, **PHONE) as page:
        yield page


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    """A page on an officer's desk, 1280 x 800."""
    with opened(chromium, **DESK) as page:
        yield page
