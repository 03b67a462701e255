"""Finding people on the roll: by building, room, name, or the end of a number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.roll.models import BASIS_NAMES, Basis, Channel, Elector, Participation
from voting.roll.rules.names import WrongName, read_name
from voting.roll.rules.rooms import is_same_room
from voting.roll.rules.search import Search, is_same_building, natural, read_search
from voting.roll.service.secrecy import RollKey, name_key, open_room, roll_key
from voting.rounds.service import get_round

PER_PAGE = 50
_BASES = {name: basis.value for basis, name in BASIS_NAMES.items()}


@dataclass(frozen=True)
class Building:
    """A building of the roll: how many people are listed, and how many rights have been used."""

    name: str
    listed: int
    marked: int


@dataclass(frozen=True, repr=False)
class Line:
    """A person as a worker may see them; ``channel`` and ``day`` say that the right was used."""

    elector_id: str
    building: str
    room: str
    name: str
    number: str
    basis: str
    channel: Channel | None
    day: date | None
    is_struck: bool = False

    def __repr__(self) -> str:
        return f"Line({self.elector_id})"


@dataclass(frozen=True)
class Found:
    """One page of the people found; pages count from 1."""

    lines: Sequence[Line]
    total: int
    page: int
    pages: int


def buildings(session: Session, round_id: str) -> list[Building]:
    """Return the buildings of a roll, 2栋 before 10栋, with the people in each."""
    found = session.execute(
        select(Elector.building, func.count(), func.count(Participation.elector_id))
        .outerjoin(Participation, _same_person())
        .where(Elector.round_id == round_id, Elector.struck_at.is_(None))
        .group_by(Elector.building)
    )
    return sorted(
        (Building(name, listed, marked) for name, listed, marked in found),
        key=lambda building: natural(building.name),
    )


def basis_counts(session: Session, round_id: str) -> list[tuple[str, int]]:
    """Return how many people live, work and study here, by the names of the three."""
    found = session.execute(
        select(Elector.basis, func.count())
        .where(Elector.round_id == round_id, Elector.struck_at.is_(None))
        .group_by(Elector.basis)
    )
    counts = {basis: int(count) for basis, count in found}
    return [(name, counts.get(basis.value, 0)) for basis, name in BASIS_NAMES.items()]


def find_electors(
    session: Session, *, keys: Keyring, round_id: str, text: str, page: int = 1
) -> Found:
    """Return the listed people whom a worker may mean by ``text``, sorted by building and room.

    Rooms are sealed, so they are compared here and not by the database; a building or a surname narrows
    the rows first.
    """
    lines = _sorted_lines(session, keys, round_id, read_search(text))
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(page, 1), pages)
    return Found(lines[(page - 1) * PER_PAGE : page * PER_PAGE], len(lines), page, pages)


def register(session: Session, *, keys: Keyring, round_id: str) -> list[Line]:
    """Return everybody on the roll in the order of the printed register: building, room, then id.

    The roll is frozen when cards may be handed out, so a place in this list stays the same person's.
    """
    return _sorted_lines(session, keys, round_id, read_search(""))


def _sorted_lines(session: Session, keys: Keyring, round_id: str, search: Search) -> list[Line]:
    pepper = roll_key(keys, get_round(session, round_id))
    rows = session.execute(_query(session, round_id, search, pepper))
    lines = [line for line in _lines(rows, pepper) if _fits(line, search)]
    return sorted(lines, key=lambda one: (natural(one.building), natural(one.room), one.elector_id))


def _same_person() -> ColumnElement[bool]:
    return and_(
        Participation.round_id == Elector.round_id, Participation.elector_id == Elector.elector_id
    )


# elector, building, sealed room, name, number, basis, and channel and day where the right was used
_Line = tuple[str, str, bytes | None, str, str, str, str, date]


def _query(session: Session, round_id: str, search: Search, pepper: RollKey) -> Select[*_Line]:
    query = (
        select(
            Elector.elector_id,
            Elector.building,
            Elector.room_sealed,
            Elector.name_masked,
            Elector.id_masked,
            Elector.basis,
            Participation.channel,
            Participation.day,
        )
        .outerjoin(Participation, _same_person())
        .where(Elector.round_id == round_id, Elector.struck_at.is_(None))
    )
    # A room alone may be anywhere: only opening the rooms tells.
    if search.is_empty or (search.room and not search.building):
        return query
    return query.where(or_(*_conditions(session, round_id, search, pepper)))


def _conditions(
    session: Session, round_id: str, search: Search, pepper: RollKey
) -> Iterator[ColumnElement[bool]]:
    yield false()
    if search.basis:
        yield Elector.basis == _BASES[search.basis]
    if search.without_building:
        yield Elector.building == ""
    if search.building:
        known = session.scalars(
            select(Elector.building).where(Elector.round_id == round_id).distinct()
        )
        asked = search.building
        yield Elector.building.in_([name for name in known if is_same_building(asked, name)])
    if search.name:
        yield Elector.name_masked.startswith(search.name, autoescape=True)
        try:
            yield Elector.name_key == name_key(pepper, read_name(search.name))
        except WrongName:
            return


def _lines(rows: Iterable[Row[*_Line]], pepper: RollKey) -> Iterator[Line]:
    for elector_id, building, sealed, name, number, basis, channel, day in rows:
        yield Line(
            elector_id=elector_id,
            building=building,
            room=open_room(pepper, sealed),
            name=name,
            number=number,
            basis=BASIS_NAMES[Basis(basis)],
            channel=Channel(channel) if channel else None,
            day=day,
        )


def _fits(line: Line, search: Search) -> bool:
    if search.last_four and line.number.endswith(search.last_four):
        return True
    return not search.room or is_same_room(search.room, line.room)
