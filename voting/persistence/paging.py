"""One page of a query."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 50


def one_page(
    session: Session, query: Select[*tuple[Any, ...]], page: int
) -> tuple[Sequence[Any], int]:
    """Return one page of an ordered query, the nearest there is, and the number of pages."""
    number = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(-(-number // PER_PAGE), 1)
    first = (min(max(page, 1), pages) - 1) * PER_PAGE
    return session.execute(query.limit(PER_PAGE).offset(first)).all(), pages
