"""A private PostgreSQL for the tests: its own folder, a unix socket only, gone at the end."""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.databases import migrate

ROLE = "voting"

# A test database may be lost in a power cut: it is made anew anyway.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

ABSENT = "PostgreSQL's initdb was found neither in /usr/lib/postgresql nor on the path"


class Cluster:
    """A running server, reached as ``voting`` over the socket in its folder."""

    def __init__(self, folder: Path, program: Path, settings: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._program, self._settings = program, settings
        self._numbers = itertools.count(1)
        self._server = _start(program, folder, settings)
        _wait(folder, self._server)

    def die(self, number: signal.Signals) -> None:
        """End the server by a signal; SIGQUIT is its immediate shutdown, SIGKILL a death without a word."""
        self._server.send_signal(number)
        self._server.wait(timeout=30)

    def rise(self) -> None:
        """Start the server again; it waits for what is left of a killed one to notice."""
        deadline = time.monotonic() + 30
        while True:
            self._server = _start(self._program, self.folder, self._settings)
            try:
                return _wait(self.folder, self._server)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """End the server as an operator would, whoever is still connected."""
        self.die(signal.SIGINT)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{ROLE}@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name; a clone of a migrated one takes some 20 ms."""
        name = f"voting_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def create_in(self, folder: Path) -> str:
        """Make a database whose tables lie in this folder, on another disk; return its name."""
        name = f"voting_{next(self._numbers)}"
        place = sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(
            sql.Identifier(name), sql.Literal(str(folder))
        )
        self._run(place)
        self._execute("CREATE DATABASE {} TABLESPACE {}", name, name)
        return name

    def drop_in(self, name: str) -> None:
        """Drop a database together with its folder's contents."""
        self.drop(name)
        self._execute("DROP TABLESPACE {}", name)

    def drop(self, name: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        self._run(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _run(self, command: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.folder), user=ROLE, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(command)


def binaries() -> Path | None:
    """Return the folder of the newest server binaries, if there are any."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def private_cluster(*, durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[Cluster]:
    """Start a server of our own and stop it at the end, however that comes.

    ``durable`` keeps the server's safe defaults, for measurements; ``settings`` come on top.
    """
    found = binaries()
    if found is None:
        raise FileNotFoundError(ABSENT)
    folder = Path(tempfile.mkdtemp(prefix="voting-pg-"))
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        _run(found / "initdb", "-D", folder / "data", folder=folder)
        cluster = Cluster(folder, found / "postgres", (*(() if durable else _CARELESS), *settings))
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _owner() -> pwd.struct_passwd | None:
    # The server refuses to run as root; Debian's package brings the user it should run as.
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_owner() -> list[str]:
    # The server must not outlive a test run that was killed: the kernel interrupts it then.
    death = ["setpriv", "--pdeathsig", "INT"]
    owner = _owner()
    if owner is None:
        return [*death, "--"]
    return [*death, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups", "--"]


def _run(program: Path, *arguments: str | Path, folder: Path) -> None:
    options = ["-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [*_as_owner(), program, *arguments, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} failed: {done.stderr.strip()}")


def _start(program: Path, folder: Path, settings: tuple[str, ...]) -> subprocess.Popen[bytes]:
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", *settings)
    settings = ("max_connections=200", *settings)
    options = itertools.chain.from_iterable(("-c", setting) for setting in settings)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [*_as_owner(), program, "-D", folder / "data", *options],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=str(folder), user=ROLE, dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The cluster of this test run."""
    if binaries() is None:
        pytest.skip(ABSENT)
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database, to be cloned."""
    name = postgres.create()
    migrate(postgres.url(name), tmp_path_factory.mktemp("template"))
    return name


@pytest.fixture
def postgres_url(postgres: Cluster, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database of this test's own."""
    name = postgres.create(template=postgres_template)
    yield postgres.url(name)
    postgres.drop(name)
