"""Turnout by age and building: worked out from the roll, stored when the result is declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, func, insert, select
from sqlalchemy.orm import Session

from voting.roll.models import Elector, Participation, TurnoutCell
from voting.roll.rules.age import AgeBand
from voting.roll.rules.turnout import Part, band_name, place_name, shown_bands, shown_places

AGE, BUILDING = "age", "building"
_TABLE = cast("Table", TurnoutCell.__table__)
_BANDS = [band.value for band in AgeBand]


@dataclass(frozen=True)
class TurnoutLine:
    """A part of the roll as it is shown: ``marked`` of ``listed`` people took part."""

    name: str
    listed: int
    marked: int


@dataclass(frozen=True)
class Turnout:
    """Turnout by age and by building; either is empty where nothing may be told."""

    ages: tuple[TurnoutLine, ...]
    buildings: tuple[TurnoutLine, ...]


def turnout_now(session: Session, round_id: str) -> Turnout:
    """Return turnout as the roll has it now, with what is too small put together."""
    bands = {part.names[0]: part for part in _parts(session, round_id, Elector.age_band)}
    # Who has no band stands last, beside the oldest.
    in_order = [bands[name] for name in (*_BANDS, "") if name in bands]
    places = list(_parts(session, round_id, Elector.building))
    return Turnout(
        tuple(TurnoutLine(band_name(one), one.listed, one.marked) for one in shown_bands(in_order)),
        tuple(TurnoutLine(place_name(one), one.listed, one.marked) for one in shown_places(places)),
    )


def store_turnout(session: Session, round_id: str) -> None:
    """Store turnout with a result that has just been declared; the database takes it no earlier."""
    rows = list(_rows(round_id, turnout_now(session, round_id)))
    if rows:
        session.execute(insert(_TABLE), rows)


def stored_turnout(session: Session, round_id: str) -> Turnout:
    """Return turnout as it was stored with the declared result."""
    cells = session.scalars(
        select(TurnoutCell)
        .where(TurnoutCell.round_id == round_id)
        .order_by(TurnoutCell.kind, TurnoutCell.place)
    ).all()
    ages, buildings = (
        tuple(
            TurnoutLine(cell.name, cell.listed, cell.marked) for cell in cells if cell.kind == kind
        )
        for kind in (AGE, BUILDING)
    )
    return Turnout(ages, buildings)


def _parts(session: Session, round_id: str, by: Any) -> Iterator[Part]:
    name: ColumnElement[str] = func.coalesce(by, "")
    marked = and_(
        Participation.round_id == Elector.round_id, Participation.elector_id == Elector.elector_id
    )
    found = session.execute(
        select(name, func.count(), func.count(Participation.elector_id))
        .select_from(Elector)
        .outerjoin(Participation, marked)
        .where(Elector.round_id == round_id, Elector.struck_at.is_(None))
        .group_by(name)
    )
    for value, listed, took_part in found:
        yield Part((value,), listed, took_part)


def _rows(round_id: str, turnout: Turnout) -> Iterator[dict[str, Any]]:
    for kind, lines in ((AGE, turnout.ages), (BUILDING, turnout.buildings)):
        for place, line in enumerate(lines, 1):
            yield {
                "round_id": round_id,
                "kind": kind,
                "place": place,
                "name": line.name,
                "listed": line.listed,
                "marked": line.marked,
            }
