"""Places a neighbour may look for: by the name of today or one it carried before."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from voting.areas.models import Area, FormerName, Level

PER_PAGE = 50
_NEAREST_FIRST = (Level.ESTATE, Level.COMMUNITY, Level.STREET, Level.DISTRICT)


@dataclass(frozen=True)
class PlaceLine:
    """A place on a list: what holds it, from the top down, and the names it carried before."""

    area: Area
    above: list[Area]
    former: list[str]


@dataclass(frozen=True)
class PlaceList:
    """One page of places; pages count from 1."""

    lines: list[PlaceLine]
    total: int
    page: int
    pages: int


def find_places(
    session: Session, question: str, *, inside: Area | None = None, page: int = 1
) -> PlaceList:
    """Return a page of the places whose name holds the question; an empty question finds all of them."""
    query = _matching(question, inside)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    level = case(
        {level.value: place for place, level in enumerate(_NEAREST_FIRST)}, value=Area.level
    )
    ordered = query.order_by(level, Area.name, Area.id)
    found = session.scalars(ordered.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return PlaceList(_lines(session, found), total, page, pages)


def _matching(question: str, inside: Area | None) -> Select[Area]:
    query = select(Area)
    if question:
        once = exists().where(
            FormerName.area_id == Area.id, FormerName.name.contains(question, autoescape=True)
        )
        query = query.where(or_(Area.name.contains(question, autoescape=True), once))
    if inside is not None:
        below = Area.path.startswith(inside.path, autoescape=True)
        query = query.where(below, Area.id != inside.id)
    return query


def _lines(session: Session, areas: Iterable[Area]) -> list[PlaceLine]:
    chains = {area: area.path.split("/")[:-2] for area in areas}
    wanted = {id for chain in chains.values() for id in chain}
    held = {area.id: area for area in session.scalars(select(Area).where(Area.id.in_(wanted)))}
    names: dict[str, list[str]] = {area.id: [] for area in chains}
    former = select(FormerName).where(FormerName.area_id.in_(names))
    for name in session.scalars(former.order_by(FormerName.until.desc(), FormerName.id)):
        names[name.area_id].append(name.name)
    return [
        PlaceLine(area, [held[id] for id in chain], names[area.id])
        for area, chain in chains.items()
    ]
