"""The papers that anybody may read, the latest first: of the whole platform or of one place."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.notices.models import Notice
from voting.notices.service import PER_PAGE
from voting.rounds.models import Round


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
    query = (
        select(Notice)
        .outerjoin(Round, Round.id == Notice.round_id)
        # A rehearsal's papers, and those of other people's elections, are nobody's news.
        .where(Notice.audience == "public", or_(Notice.round_id.is_(None), Round.kind == "real"))
        .order_by(Notice.issued_at.desc(), Notice.number.desc())
    )
    if area is not None:
        query = query.join(Area, Area.id == Notice.area_id).where(
            Area.path.startswith(area.path, autoescape=True)
        )
    return query
