"""A town: the server and the consumer of long jobs under a clock that a test moves, and its people."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import DESK, PHONE, opened
from tests.journeys.people import Album, Officer, Resident
from tests.serving import serving, stop
from voting import clock
from voting.clock import at_local
from voting.config import ROOT

_APP = "tests.journeys.shifted"


class Town:
    """Where a journey takes place."""

    def __init__(self, browser: Browser, environ: Mapping[str, str]) -> None:
        self._browser = browser
        self._album = Album()
        self._clock = Path(environ["VOTING_VAR"]) / "journey-clock"
        self._environ = {**environ, "JOURNEY_CLOCK": str(self._clock)}
        self._url = ""
        self._open = contextlib.ExitStack()

    @contextlib.contextmanager
    def awake(self) -> Iterator["Town"]:
        """Serve until the block ends; then fail if anything went wrong on any page."""
        with self._open:
            server = self._open.enter_context(serving(self._environ, app=f"{_APP}:app"))
            self._url = server.url
            self._open.enter_context(self._consumer())
            yield self

    def becomes(self, day: date, hour: int, minute: int = 0) -> None:
        """Let it be this time of this day in Shanghai; time goes on from there."""
        draft = self._clock.with_suffix(".draft")
        draft.write_text(str((at_local(day, hour, minute) - clock.now()).total_seconds()))
        draft.replace(self._clock)

    def officer(self) -> Officer:
        """Return somebody new at a desk."""
        return Officer(self._page(DESK), self._url, self._album)

    def resident(self, *sizes: str) -> Resident:
        """Return somebody new with a telephone, looking at pages in these sizes of type."""
        found = Resident(self._page(PHONE), self._url, self._album)
        found.sizes = sizes or found.sizes
        return found

    def run(self, *command: str) -> str:
        """Run a command as somebody at the server would; return what it printed."""
        done = subprocess.run(
            self._flask(*command), check=True, capture_output=True, text=True, **self._where()
        )
        return str(done.stdout).strip()

    def _page(self, device: Mapping[str, Any]) -> Page:
        return self._open.enter_context(opened(self._browser, **device))

    @contextlib.contextmanager
    def _consumer(self) -> Iterator[None]:
        with (Path(self._environ["VOTING_VAR"]) / "jobs.log").open("wb") as log:
            process = subprocess.Popen(
                self._flask("jobs", "run"), stdout=log, stderr=log, **self._where()
            )
        try:
            yield
        finally:
            stop(process)

    def _flask(self, *command: str) -> list[str]:
        # The consumer must not outlive a test run that was killed: the kernel ends it then.
        kept = ("setpriv", "--pdeathsig", "TERM", "--")
        return [*kept, sys.executable, "-m", "flask", "--app", f"{_APP}:app", *command]

    def _where(self) -> dict[str, Any]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOTING_")}
        return {"cwd": ROOT, "env": {**kept, **self._environ}, "stdin": subprocess.DEVNULL}
