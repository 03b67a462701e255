"""A form that is sent twice makes one record: its key is made with the page and becomes the record's id."""

import re
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.delivery.models import Milestone, ProgressEntry, ProjectPhoto, Spending
from voting.errors import NotFound

Row = TypeVar("Row", Milestone, ProgressEntry, ProjectPhoto, Spending)
_KEY = re.compile(r"[a-z2-7]{26}")


def already(session: Session, kind: type[Row], key: str, *, project_id: str) -> Row | None:
    """Return the record that this form has made before, if it has; raise NotFound for a key of nobody's."""
    if not _KEY.fullmatch(key):
        raise NotFound
    made = session.get(kind, key, populate_existing=True)
    if made is not None and made.project_id != project_id:
        raise NotFound
    return made


def insert_once(session: Session, row: Row) -> bool:
    """Insert a record unless its key is taken; tell whether it was inserted. The primary key decides."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        made = session.get(type(row), row.id)
        if made is None or made.project_id != row.project_id:
            raise
        return False
    return True
