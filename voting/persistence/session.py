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

from sqlalchemy import Engine, create_engine, event
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
        path = self.engine.url.database
        self._lock_file = (
            Path(f"{path}.lock")
            if self.engine.dialect.name == "sqlite" and path and path != ":memory:"
            else None
        )

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
        return create_engine(parsed, pool_use_lifo=True, hide_parameters=True)
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
