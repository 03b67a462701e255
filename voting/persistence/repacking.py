"""Writing the urn anew: neither pages nor row versions tell the order of casts (integrity.md §0.3)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update

from voting.persistence.session import Database

_AT_ONCE = 5000


def rewrite_rows(
    database: Database, table: Table, round_id: str, *, same: Column[Any], fully: bool
) -> None:
    """On PostgreSQL: write the rows of a round anew in the order of their slots, at once, then vacuum.

    ``same`` is a column that may be written, and is written as it stands.

    All rows then carry the number of one transaction and stand in that order. A plain vacuum leaves the old
    rows' bytes in freed space; ``fully`` writes a new file, and nobody can vote meanwhile. Where the role of
    the application does not own the table, PostgreSQL passes over either with a warning.
    """
    key = table.c.slot
    with database.transaction() as session:
        keys = session.scalars(select(key).where(table.c.round_id == round_id).order_by(key)).all()
        anew = update(table).where(table.c.round_id == round_id, key == bindparam("at"))
        for part in _parts(keys):
            session.execute(anew.values({same: same}), [{"at": one} for one in part])
    with database.alone() as connection:
        connection.exec_driver_sql(f'VACUUM {"(FULL)" if fully else ""} "{table.name}"')


def rewrite_file(database: Database) -> None:
    """On SQLite: write the whole file anew, in the order of keys; nobody can vote meanwhile."""
    with database.alone() as connection:
        connection.exec_driver_sql("VACUUM")


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for at in range(0, len(keys), _AT_ONCE):
        yield keys[at : at + _AT_ONCE]
