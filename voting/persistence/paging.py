"""One page of a query."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 50


class OnePage(NamedTuple):
    """The rows of a page, how many pages there are, which one this is (from 1), and how many rows in all."""

    rows: Sequence[Any]
    pages: int
    page: int
    total: int


def one_page(session: Session, query: Select[*tuple[Any, ...]], page: int) -> OnePage:
    """Return one page of an ordered query: the one asked for, or the nearest there is."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = session.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return OnePage(rows, pages, page, total)
