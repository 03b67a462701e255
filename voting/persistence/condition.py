"""Whether the database itself is whole: pages, references, guards, and the settings it runs with."""

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Connection, Date, DateTime, inspect
from sqlalchemy.types import TypeDecorator

from voting.persistence import triggers
from voting.persistence.base import Base

# What integrity.md §5 asks for; on PostgreSQL the server's own safe defaults.
_SQLITE = {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1}
_POSTGRESQL = ("fsync", "synchronous_commit", "full_page_writes")
_SAFE = frozenset({"on", "remote_apply", "remote_write"})
_WHOLE = "ok"
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_TIME = ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def damage(connection: Connection) -> Iterator[str]:
    """Yield what the database says of its own pages and of rows that refer to nothing.

    PostgreSQL keeps its references itself and checks its pages as it reads them, where they have checksums.
    """
    if connection.dialect.name != "sqlite":
        return
    for line in connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars():
        if line != _WHOLE:
            yield str(line)
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table}: a row refers to nothing"
    yield from _odd_values(connection)


def _odd_values(connection: Connection) -> Iterator[str]:
    """Find times, days and truth values that are not written as we write them.

    SQLite would keep them, and Python would read many as if nothing were wrong: ``2026-12-01x01:00:00`` is a
    time to it, and 257 is true.
    """
    standing = set(inspect(connection).get_table_names())
    for table in Base.metadata.sorted_tables:
        odd = [how for column in table.columns if (how := _odd(column))]
        if odd and table.name in standing:
            query = f'SELECT count(*) FROM "{table.name}" WHERE {" OR ".join(odd)}'  # noqa: S608 -- names of the models
            if connection.exec_driver_sql(query).scalar():
                yield f"{table.name}: a value is not written as it should be"


def _odd(column: Column[object]) -> str:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Boolean):
        return f'"{column.name}" NOT IN (0, 1)'
    if isinstance(kind, DateTime):
        return f"\"{column.name}\" NOT GLOB '{_DAY} {_TIME}'"
    return f"\"{column.name}\" NOT GLOB '{_DAY}'" if isinstance(kind, Date) else ""


def guards_differing(connection: Connection) -> list[str]:
    """Return the names of guards that do not stand as they should."""
    return triggers.differing(connection)


def unsafe_settings(connection: Connection) -> list[str]:
    """Return the settings under which an acknowledged vote could be lost, as ``name=value``."""
    if connection.dialect.name == "sqlite":
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _SQLITE}
        return [f"{name}={found[name]}" for name, safe in _SQLITE.items() if found[name] != safe]
    shown = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in _POSTGRESQL}
    return [f"{name}={value}" for name, value in shown.items() if value not in _SAFE]


def advice(connection: Connection) -> list[str]:
    """Return settings that are no fault but could be better."""
    if connection.dialect.name == "sqlite":
        return []
    summed = connection.exec_driver_sql("SHOW data_checksums").scalar()
    return [] if summed == "on" else [f"data_checksums={summed}"]
