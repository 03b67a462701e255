"""The whole database at one moment as one SQLite file, whatever the database is, and back (docs/adr/0050).

Rows are written in the order of their keys: a copy says nothing about the order in which they came.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    MetaData,
    Row,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url

from voting.persistence import triggers
from voting.persistence.base import Base
from voting.persistence.session import Database

_AT_ONCE = 5000
_VERSION = "alembic_version"

Progress = Callable[[int, int], None]


def revision_of(connection: Connection) -> str:
    """Return the version of the tables, or an empty text where there are none."""
    if not inspect(connection).has_table(_VERSION):
        return ""
    return connection.execute(text(f"SELECT version_num FROM {_VERSION}")).scalar() or ""  # noqa: S608 -- a name of this file


def copy_out(database: Database, path: Path, progress: Progress | None = None) -> None:
    """Write the database as it is at this moment into a new SQLite file; casting goes on meanwhile.

    On SQLite whoever would write waits until the file is read.
    """
    if database.file is not None:
        with database.alone() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
        return
    # One snapshot for all tables: a vote that is cast meanwhile is in all of them or in none.
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = create_engine(make_url(f"sqlite:///{path}"), hide_parameters=True)
    try:
        with (
            database.engine.connect().execution_options(**options) as source,
            engine.begin() as target,
        ):
            _copy_tables(source, target, progress)
            source.rollback()
    finally:
        engine.dispose()


def _copy_tables(source: Connection, target: Connection, progress: Progress | None) -> None:
    metadata = Base.metadata
    metadata.create_all(target)
    _write_revision(target, revision_of(source))
    total = sum(row_counts(source, metadata).values()) if progress else 0
    done = 0
    for table in metadata.sorted_tables:
        for rows in _parts(source, table):
            target.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 -- the documented way to a row's names
            done += len(rows)
            if progress:
                progress(done, total)
    triggers.create(target)


def copy_in(path: Path, database: Database, progress: Progress | None = None) -> None:
    """Replace everything in a PostgreSQL database by what an SQLite file holds; both have one version.

    All of it happens in one transaction: either the old or the new is there.
    """
    metadata = Base.metadata
    engine = create_engine(make_url(f"sqlite:///{path}"), hide_parameters=True)
    try:
        with engine.connect() as source, database.engine.begin() as target:
            triggers.drop_all(target)
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            target.exec_driver_sql(f"TRUNCATE {names}")
            total, done = sum(row_counts(source, metadata).values()), 0
            for table in metadata.sorted_tables:
                for rows in _whole(source, table):
                    _copy_rows(target, table, rows)
                    done += len(rows)
                    if progress:
                        progress(done, total)
            triggers.create(target)
    finally:
        engine.dispose()


def row_counts(connection: Connection, metadata: MetaData = Base.metadata) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def _write_revision(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {_VERSION} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
    )
    connection.exec_driver_sql(f"INSERT INTO {_VERSION} VALUES (?)", (revision,))  # noqa: S608 -- a name of this file


def _parts(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=_AT_ONCE).execute(query)
    yield from found.partitions()


def _whole(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows of a table; where rows refer to rows of the same table, each after those it names."""
    own = [key for key in table.foreign_keys if key.column.table is table]
    if not own:
        yield from _parts(connection, table)
        return
    rows = connection.execute(select(table)).all()
    left = {getattr(row, own[0].column.name): row for row in rows}
    named = [key.parent.name for key in own]
    while left:
        ready = [
            id for id, row in left.items()
            if not any(getattr(row, name) in left and getattr(row, name) != id for name in named)
        ]  # fmt: skip
        if not ready:
            raise RuntimeError(f"{table.name}: rows that refer to each other in a circle")
        yield [left.pop(id) for id in ready]


def _copy_rows(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 -- a connection that is open
    with raw.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(tuple(row))
