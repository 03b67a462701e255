"""What belongs to a round, found in the tables themselves: rows, and the files they name.

A table belongs by its column ``round_id``; without one, by its foreign keys to tables that belong. So a
table that is added later is found by itself, and a test looks whether it was.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, ColumnElement, MetaData, Table, Text, or_, select
from sqlalchemy.orm import Session

from voting.persistence.base import Base
from voting.persistence.jobs import Job
from voting.rounds.models import Round

_CHUNK = 500


def owned_tables(metadata: MetaData = Base.metadata) -> list[Table]:
    """Return the tables that hold something of a round, each before those that refer to it."""
    owned: list[Table] = []
    for table in metadata.sorted_tables:
        refers = any(key.column.table in owned for key in table.foreign_keys)
        if table is not Round.__table__ and ("round_id" in table.c or refers):
            owned.append(table)
    return owned


def rows_of(table: Table, round_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a row belongs to the round; ``round_id`` may be a subquery."""
    if "round_id" in table.c:
        return table.c.round_id == round_id
    owned = owned_tables(table.metadata)
    return or_(
        *(
            key.parent.in_(select(key.column).where(rows_of(key.column.table, round_id)))
            for key in table.foreign_keys
            if key.column.table in owned and key.column.table is not table
        )
    )


def file_columns(table: Table) -> list[Column[str]]:
    """Return the columns that name stored files by their digest."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, Text) and _names_file(table, column.name)
    ]


def files_named(session: Session, round_id: ColumnElement[str]) -> set[str]:
    """Return the digests of the files that rows of a round, or jobs about them, name."""
    found: set[str] = set()
    for ids in ids_of(session, round_id):
        left = select(Job.result).where(Job.subject_id.in_(ids), Job.result.is_not(None))
        found.update(result for result in session.scalars(left) if result)
    for table in owned_tables():
        for column in file_columns(table):
            named = select(column).where(rows_of(table, round_id), column.is_not(None))
            found.update(session.scalars(named))
    return found


def still_named(session: Session, digests: Iterable[str]) -> set[str]:
    """Return which of these files some row names."""
    found: set[str] = set()
    for part in _chunks(sorted(digests)):
        for table in Base.metadata.sorted_tables:
            for column in file_columns(table):
                found.update(session.scalars(select(column).where(column.in_(part))))
    return found


def all_files(session: Session) -> set[str]:
    """Return the digests of the files that any row of any table names."""
    return {
        digest
        for table in Base.metadata.sorted_tables
        for column in file_columns(table)
        for digest in session.scalars(select(column).where(column.is_not(None)).distinct())
    }


def ids_of(session: Session, round_id: ColumnElement[str]) -> Iterator[list[str]]:
    """Yield, in parts, the ids of everything that belongs to a round: jobs name them without a key."""
    for table in owned_tables():
        if "id" in table.c:
            ids = session.scalars(select(table.c.id).where(rows_of(table, round_id))).all()
            yield from _chunks(list(ids))


def _names_file(table: Table, name: str) -> bool:
    if table is Job.__table__:
        return name == "result"
    return name in {"picture", "digest"} or name.endswith("_digest")


def _chunks(values: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(values), _CHUNK):
        yield values[at : at + _CHUNK]
