"""The real web server, as operators start it, on a free port of this machine."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from voting.config import ROOT


@dataclass(frozen=True)
class Server:
    """A server that answers; ``log`` is what it and its workers wrote."""

    url: str
    pid: int
    log: Path


def free_port() -> int:
    """Return a port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    environ: Mapping[str, str], *, workers: int = 2, app: str = "wsgi:app"
) -> Iterator[Server]:
    """Serve with these settings (VOTING_VAR and VOTING_DATABASE_URL at least) until the block ends.

    ``app`` names another app to serve in the same way, such as one without a guard.
    """
    port = free_port()
    folder = Path(environ["VOTING_VAR"])
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            # The server must not outlive a test run that was killed: the kernel ends it then.
            ["setpriv", "--pdeathsig", "TERM", "--", "sh", "scripts/web.sh", app],
            cwd=ROOT,
            env={**_clean(), **_server_settings(port, workers), **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(port, process, log, workers=workers)
        yield Server(f"http://127.0.0.1:{port}", process.pid, log)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator would, and by force where that does not help."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _clean() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VOTING_") and name not in {"PORT", "FLASK_APP"}
    }


def _server_settings(port: int, workers: int) -> dict[str, str]:
    return {"PORT": str(port), "VOTING_WORKERS": str(workers), "GRANIAN_LOG_LEVEL": "info"}


def _wait(port: int, process: subprocess.Popen[bytes], log: Path, *, workers: int = 0) -> None:
    # A worker that is told to stop while it starts does not hear it: wait for each of them.
    deadline = time.monotonic() + 60
    while log.read_text().count("Started worker-") < workers or not _is_healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text()}")
        time.sleep(0.05)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    return False


@pytest.fixture
def server(environ: dict[str, str]) -> Iterator[Server]:
    """A real server on this test's own database."""
    with serving(environ) as server:
        yield server
