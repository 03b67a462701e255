"""The papers that anybody may read, the latest first: of the whole platform or of one place."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.notices.models import Notice
from voting.notices.service import PER_PAGE
from voting.rounds.service import public_papers


@dataclass(frozen=True)
class PaperList:
    """One page of papers; pages count from 1."""

    notices: list[Notice]
    page: int
    pages: int


def latest_papers(session: Session, area: Area | None = None, *, limit: int) -> list[Notice]:
    """Return the latest papers, of an area and everything below it if one is given."""
    return list(session.scalars(_papers(area).limit(limit)))


def papers_of_place(session: Session, area: Area, *, page: int) -> PaperList:
    """Return a page of the papers of an area and everything below it."""
    query = _papers(area)
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    pages = max(-(-(session.scalar(counted) or 0) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    found = session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return PaperList(list(found), page, pages)


def _papers(area: Area | None) -> Select[Notice]:
    return public_papers(area).order_by(Notice.issued_at.desc(), Notice.number.desc())
