"""Papers are found by number, by round and by area."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from voting.areas.models import Area, Level
from voting.areas.service import areas_above
from voting.errors import NotFound
from voting.notices.models import Notice
from voting.notices.rules import office_name

PER_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which papers somebody looks for: words of the title, who may read them, of which round."""

    words: str = ""
    audience: str = ""
    round_id: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what must hold of a paper."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            found.append(Notice.title.contains(self.words, autoescape=True))
        if self.audience:
            found.append(Notice.audience == self.audience)
        if self.round_id:
            found.append(Notice.round_id == self.round_id)
        return found


@dataclass(frozen=True)
class NoticePage:
    """One page of papers, the latest first; pages count from 1."""

    notices: list[Notice]
    page: int
    pages: int
    total: int


def get_notice(session: Session, name: str) -> Notice:
    """Return a paper by its number or its id; raise NotFound."""
    safe = name.replace("-", "").isalnum()
    notice = (
        session.scalars(
            select(Notice).where((Notice.number == name) | (Notice.id == name))
        ).one_or_none()
        if safe
        else None
    )
    if notice is None:
        raise NotFound
    return notice


def get_notice_in(session: Session, area: Area, notice_id: str) -> Notice:
    """Return a paper of an area or below it by its id; raise NotFound."""
    notice = get_notice(session, notice_id)
    place = session.get_one(Area, notice.area_id)
    if notice.id != notice_id or not place.lies_in(area):
        raise NotFound
    return notice


def find_notice(session: Session, round_id: str, kind: str) -> Notice | None:
    """Return the latest edition of a round's paper, or None."""
    query = select(Notice).where(Notice.round_id == round_id, Notice.kind == kind)
    return session.scalars(query.order_by(Notice.edition.desc()).limit(1)).one_or_none()


def notices_of(session: Session, round_id: str | None = None) -> list[Notice]:
    """Return the papers of a round, or all, in the order of their numbers."""
    query = select(Notice)
    if round_id is not None:
        query = query.where(Notice.round_id == round_id)
    return list(session.scalars(query.order_by(Notice.issued_at, Notice.number)))


def notices_in(
    session: Session, area: Area, *, wanted: Wanted | None = None, page: int = 1
) -> NoticePage:
    """Return a page of the papers of an area and everything below it, the latest first."""
    inside = Area.path.startswith(area.path, autoescape=True)
    joined = select(Notice).join(Area, Area.id == Notice.area_id)
    joined = joined.where(inside, *(wanted or Wanted()).conditions())
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    ordered = joined.order_by(Notice.issued_at.desc(), Notice.number.desc())
    notices = session.scalars(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return NoticePage(list(notices), page, pages, total)


def issuer_of(session: Session, area: Area) -> str:
    """Return who issues the papers of an area: the office of its street, or the topmost area's name."""
    above = [*areas_above(session, area), area]
    street = next((held for held in above if held.level == Level.STREET), above[0])
    return office_name(street.name)
