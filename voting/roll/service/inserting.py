"""Inserting what may be there already: the unique key decides, not a look beforehand."""

from typing import Any, cast

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from voting.roll.models import Elector, Participation

ELECTOR = cast("Table", Elector.__table__)
PARTICIPATION = cast("Table", Participation.__table__)


def insert_new(session: Session, unique: Column[Any]) -> ReturningInsert[Any]:
    """Return an insert that passes over rows whose round and ``unique`` stand there, and returns the others'.

    Whatever else is wrong with a row, a foreign key for one, still raises.
    """
    table = unique.table
    postgres = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(table) if postgres else sqlite.insert(table)
    key = [table.c.round_id, unique]
    return statement.on_conflict_do_nothing(index_elements=key).returning(unique)


def insert_first(session: Session, unique: Column[Any]) -> ReturningInsert[Any]:
    """Return an insert that passes over rows whose ``unique`` stands there, and returns the others'."""
    postgres = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(unique.table) if postgres else sqlite.insert(unique.table)
    return statement.on_conflict_do_nothing(index_elements=[unique]).returning(unique)
