"""Sessions: one place that opens a transaction, one that commits.

Writers on SQLite queue on a file lock before BEGIN IMMEDIATE: SQLite's own busy handler polls with
growing sleeps, which made the slowest of 16 writers wait over a second (integrity.md §5).
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from voting.errors import CountedRefusal

# EXTRA also syncs the directory after the journal is unlinked: FULL may lose an acknowledged vote in a
# power cut. DELETE, not WAL: the WAL keeps the order of casts on disk (integrity.md §5).
_PRAGMAS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
)


class Database:
    """An engine with its way of opening transactions."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        # A page reads statement by statement: BEGIN and ROLLBACK around a single SELECT would double its
        # cost, and on SQLite an open read transaction holds up every commit while a page is rendered.
        self._readers = sessionmaker(_reading(self.engine))
        file = self.file
        self._lock_file = file.with_name(f"{file.name}.lock") if file else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session; commit at the end, roll back on any exception but a CountedRefusal."""
        with self._queue(), self._sessions() as session:
            session.connection(execution_options={"voting_writes": True})
            try:
                yield session
            except CountedRefusal:
                session.commit()
                raise
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading only; what was loaded stays readable, what was changed is lost."""
        with self._readers() as session:
            yield session
            # A rollback would empty what was loaded.
            session.expunge_all()
            session.rollback()

    def open_session(self) -> Session:
        """Return a reading session that its caller closes (the request's own)."""
        return self._readers()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Yield a connection outside any transaction; on SQLite no other writer begins meanwhile."""
        with self._queue(), _reading(self.engine).connect() as connection:
            yield connection

    def replace_by(self, path: Path) -> None:
        """Put another SQLite file where this database lies; nobody may be using it.

        A journal that a killed process left belongs to the old file and would be played into the new one.
        """
        file = self.file
        if file is None:
            raise ValueError("only a database in a file can be replaced by one")
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._queue():
            self.engine.dispose()
            file.with_name(f"{file.name}-journal").unlink(missing_ok=True)
            path.replace(file)

    @property
    def file(self) -> Path | None:
        """Where an SQLite database lies, or None."""
        path = self.engine.url.database
        is_file = self.engine.dialect.name == "sqlite" and path and path != ":memory:"
        return Path(path) if is_file and path else None

    def _queue(self) -> AbstractContextManager[None]:
        return _locked(self._lock_file) if self._lock_file else nullcontext()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_use_lifo=True, hide_parameters=True)
        event.listen(engine, "connect", _on_connect_to_server)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes too late for reads and is never IMMEDIATE: we emit it ourselves.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _on_connect_to_server(connection: Any, _record: object) -> None:
    # A server may have been told not to wait for its disk; a receipt may not be shown before it has.
    connection.autocommit = True
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
    connection.autocommit = False


def _on_begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if not options.get("voting_reads"):
        writes = options.get("voting_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reading(engine: Engine) -> Engine:
    # SQLite's driver is in autocommit for good: see _on_connect.
    if engine.dialect.name == "sqlite":
        return engine.execution_options(voting_reads=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")
