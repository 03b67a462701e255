"""Conditional updates and deletes: how many rows they changed says who was first, not a look beforehand."""

from typing import cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """Carry out a statement and return how many rows it changed."""
    return cast("CursorResult[object]", session.execute(statement)).rowcount


def changes_one(session: Session, statement: Update | Delete) -> bool:
    """Carry out a statement that may change one row, and tell whether it did."""
    return rows_changed(session, statement) == 1
