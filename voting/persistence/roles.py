"""On PostgreSQL: what the role of the application may do, and the one act it may do only through a function.

The owner of the tables migrates; the application signs in as another role, which can add to the ledger and to
the journal and change nothing there: what the triggers refuse, it may not even ask (integrity.md §3.1).
"""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

# Added to and read, never changed; `ledger` must be held while it is appended to, and holding is an UPDATE.
APPENDED = ("ledger_entry", "checkpoint", "ledger_note", "journal_entry")
_HELD = ("ledger",)
_FORGET = "forget_rehearsal_ledger"
# In the order in which they refer to each other.
FORGOTTEN = ("checkpoint", "ledger_entry", "ledger_note", "ledger")


class NoSuchRole(Exception):
    """The role does not exist, or its name is no plain name; the text names it."""


def create_acts(connection: Connection) -> None:
    """Create the function that deletes the ledger of a rehearsal, and of nothing else."""
    if connection.dialect.name != "postgresql":
        return
    deletions = " ".join(
        f"DELETE FROM {table} WHERE round_id = $1 AND EXISTS "  # noqa: S608 -- names of this file
        "(SELECT FROM round WHERE id = $1 AND kind = 'rehearsal');"
        for table in FORGOTTEN
    )
    # A function with its owner's rights must not look where its caller could put tables of its own.
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    connection.exec_driver_sql(
        f"CREATE FUNCTION {_FORGET}(text) RETURNS void LANGUAGE sql SECURITY DEFINER "
        f'SET search_path = "{schema}", pg_temp AS $$ {deletions} $$'
    )
    connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {_FORGET}(text) FROM PUBLIC")


def drop_acts(connection: Connection) -> None:
    """Drop what ``create_acts`` created."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP FUNCTION {_FORGET}(text)")


def forget_rehearsal_ledger(connection: Connection, round_id: str) -> bool:
    """Delete the ledger of a rehearsal where a function does it; tell whether one does."""
    if connection.dialect.name != "postgresql":
        return False
    connection.execute(text(f"SELECT {_FORGET}(:round_id)"), {"round_id": round_id})
    return True


def grant(connection: Connection, role: str) -> None:
    """Give a role exactly what the application needs, and take away what it had; raise NoSuchRole."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", role):
        raise NoSuchRole(role)
    known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if connection.execute(known, {"role": role}).one_or_none() is None:
        raise NoSuchRole(role)
    for statement in _grants(connection, f'"{role}"'):
        connection.exec_driver_sql(statement)


def _grants(connection: Connection, role: str) -> Iterator[str]:
    schema, name = connection.execute(text("SELECT current_schema(), current_database()")).one()
    yield f'GRANT CONNECT ON DATABASE "{name}" TO {role}'
    yield f'REVOKE CREATE ON SCHEMA "{schema}" FROM {role}'
    yield f'REVOKE CREATE ON SCHEMA "{schema}" FROM PUBLIC'
    yield f'GRANT USAGE ON SCHEMA "{schema}" TO {role}'
    tables = connection.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    )
    for table in tables.scalars().all():
        yield f'REVOKE ALL ON "{table}" FROM {role}'
        yield f'GRANT {", ".join(_rights(table))} ON "{table}" TO {role}'
    yield f"GRANT EXECUTE ON FUNCTION {_FORGET}(text) TO {role}"


def _rights(table: str) -> tuple[str, ...]:
    if table == "alembic_version":
        return ("SELECT",)
    if table in APPENDED:
        return ("SELECT", "INSERT")
    if table in _HELD:
        return ("SELECT", "INSERT", "UPDATE")
    return ("SELECT", "INSERT", "UPDATE", "DELETE")
