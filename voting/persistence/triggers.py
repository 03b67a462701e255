"""Puts the guards of ``guards`` into the words of both databases.

Alembic's batch mode copies a table and drops its triggers, so every migration that touches a table calls
``drop_all`` first and ``refresh`` last; a test compares.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, inspect

from voting.persistence.guard import Guard
from voting.persistence.guards import GUARDS

__all__ = ["GUARDS", "Guard", "copying", "create", "drop", "drop_all", "refresh"]


def _create_sqlite(guard: Guard) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {guard.name} {guard.statement} WHEN {guard.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _create_postgresql(guard: Guard) -> Iterator[str]:
    # A WHEN clause may not hold a subquery in PostgreSQL, so the condition goes into the function.
    yield (
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard.condition} THEN RAISE EXCEPTION '{guard.message}' USING ERRCODE = '23514'; END IF; "
        f"RETURN {'OLD' if guard.event == 'DELETE' else 'NEW'}; END $$"
    )
    yield f"CREATE TRIGGER {guard.name} {guard.statement} EXECUTE FUNCTION {guard.name}()"


def create(connection: Connection, guards: Sequence[Guard] = GUARDS) -> None:
    """Create the guards."""
    spell = _create_sqlite if connection.dialect.name == "sqlite" else _create_postgresql
    for guard in guards:
        for statement in spell(guard):
            connection.exec_driver_sql(statement)


def differing(connection: Connection) -> list[str]:
    """Name the guards that are missing, switched off or changed, and triggers that are no guards."""
    standing = (
        _standing_sqlite(connection)
        if connection.dialect.name == "sqlite"
        else _standing_postgresql(connection)
    )
    spell = _create_sqlite if connection.dialect.name == "sqlite" else _create_postgresql
    wanted = {guard.name: _spaced("\n".join(spell(guard))) for guard in GUARDS}
    return sorted(
        name for name in wanted.keys() | standing.keys() if wanted.get(name) != standing.get(name)
    )


def _standing_sqlite(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: _spaced(sql) for name, sql in rows}


def _standing_postgresql(connection: Connection) -> dict[str, str]:
    """Return what each trigger would be created with, as far as the catalogue remembers it."""
    rows = connection.exec_driver_sql(
        "SELECT tgname, tgenabled, prosrc, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger "
        "JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    return {
        name: _spaced(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$ {made}"
        )
        if enabled == "O"
        else "off"
        for name, enabled, body, made in rows
    }


def _spaced(statement: str) -> str:
    """Write a statement as both the models and the catalogues can be brought to write it."""
    return " ".join(statement.split()).replace('"', "")


def drop(connection: Connection, guards: Sequence[Guard]) -> None:
    """Drop these guards; races show with it what would happen without them."""
    for guard in guards:
        _drop(connection, guard.name, guard.table)


def _drop(connection: Connection, name: str, table: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
        connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def refresh(connection: Connection) -> None:
    """Let exactly the guards stand whose tables and columns exist by now."""
    drop_all(connection)
    found = inspect(connection)
    columns = {
        table: {column["name"] for column in found.get_columns(table)}
        for table in found.get_table_names()
    }
    standing = [guard for guard in GUARDS if guard.tables <= columns.keys()]
    create(
        connection,
        [
            replace(guard, columns=[name for name in guard.columns if name in columns[guard.table]])
            for guard in standing
        ],
    )


def drop_all(connection: Connection) -> None:
    """Drop every guard that stands, whatever its name was."""
    standing = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal"
    )
    for name, table in connection.exec_driver_sql(standing).all():
        _drop(connection, name, table)


@contextmanager
def copying(connection: Connection) -> Iterator[None]:
    """Let a migration copy tables that others refer to: without guards, and on SQLite without foreign keys.

    Raises RuntimeError where a row refers to nothing afterwards (docs/adr/0042).
    """
    is_sqlite = connection.dialect.name == "sqlite"
    drop_all(connection)
    if is_sqlite:
        # Only a pragma outside a transaction switches it off; the connection is thrown away afterwards.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.detach()
    yield
    torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if is_sqlite else []
    if torn:
        raise RuntimeError(f"{len(torn)} rows refer to nothing; nothing was changed")
    refresh(connection)
