"""One part of a list: the items after a cursor, and the cursor behind the last of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from voting.api.rules import Json, read_cursor, write_cursor
from voting.errors import Refusal

Item = TypeVar("Item")
MOST_ROWS = 5000


@dataclass(frozen=True)
class Asked:
    """Which part of a list somebody wants."""

    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Key:
    """A column by which a list is ordered, and what kind of value it holds."""

    column: InstrumentedAttribute[Any]
    kind: type = str
    falls: bool = False

    def beyond(self, value: object) -> ColumnElement[bool]:
        """Return what holds of a row behind ``value``."""
        return self.column < value if self.falls else self.column > value

    @property
    def order(self) -> ColumnElement[Any]:
        """How the list is ordered by it."""
        return self.column.desc() if self.falls else self.column.asc()


def newest_first(column: InstrumentedAttribute[Any]) -> Key:
    """Return the key that puts the latest moment first."""
    return Key(column, datetime, falls=True)


class TooMany(Refusal):
    """A table that no spreadsheet should open in one piece."""

    msgid = "内容太多，一张表最多 %(most)s 行。请加上 area 或 round 缩小范围，或者用 JSON 分页读。"
    status = 422


def part(
    session: Session,
    query: Select[Any],
    keys: Sequence[Key],
    asked: Asked,
    write: Callable[[list[Any]], list[Json]],
) -> Json:
    """Return the items asked for and the cursor of the next part, or None; raise BadCursor."""
    ordered = query.order_by(None).order_by(*(key.order for key in keys))
    if asked.cursor:
        ordered = ordered.where(_after(keys, read_cursor(asked.cursor, [key.kind for key in keys])))
    rows = list(session.scalars(ordered.limit(asked.limit + 1)))
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    last = [getattr(rows[-1], key.column.key) for key in keys] if more else None
    return {"items": write(rows), "next": write_cursor(last) if last else None}


def everything(session: Session, query: Select[Any], keys: Sequence[Key]) -> list[Any]:
    """Return all rows of a list that fits into a table; raise TooMany."""
    ordered = query.order_by(None).order_by(*(key.order for key in keys))
    rows = list(session.scalars(ordered.limit(MOST_ROWS + 1)))
    if len(rows) > MOST_ROWS:
        raise TooMany(most=MOST_ROWS)
    return rows


def _after(keys: Sequence[Key], values: Sequence[object]) -> ColumnElement[bool]:
    """Return what holds of every row behind these sort keys, whichever way each key runs."""
    behind: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        behind = or_(key.beyond(value), and_(key.column == value, behind))
    return behind
