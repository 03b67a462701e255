"""The rounds that a neighbour sees: what is open now, what comes, what is behind; their own place first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.public.rules import STANDING, Standing, phases_of
from voting.results.models import Result
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import PER_PAGE, phase_in_force, seen_by_all

_ORDER = list(Standing)


@dataclass(frozen=True)
class RoundLine:
    """A round on a public list; ``is_near`` if it is one of the reader's own place."""

    round: Round
    phase: Phase
    publicity_to: date | None
    is_near: bool = False

    @property
    def standing(self) -> Standing:
        """The group in which the round is listed."""
        return STANDING[self.phase]


@dataclass(frozen=True)
class RoundList:
    """One page of a place's rounds, in the order of their groups; pages count from 1."""

    lines: list[RoundLine]
    page: int
    pages: int

    def of(self, standing: str) -> list[RoundLine]:
        """Return the rounds of one group."""
        return [line for line in self.lines if line.standing == standing]


def rounds_of_place(session: Session, area: Area, *, now: datetime, page: int) -> RoundList:
    """Return a page of the rounds inside a place, and of those around it in which it takes part."""
    near = _is_near(area)
    total = session.scalar(
        select(func.count()).select_from(Round).join(Round.area).where(seen_by_all(), near)
    )
    pages = max(-(-(total or 0) // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rank = case(
        *((_stands(standing, now), place) for place, standing in enumerate(_ORDER[:-1])),
        else_=len(_ORDER),
    )
    query = _lines().where(near).order_by(rank, Round.opens_at.desc(), Round.id)
    found = session.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return RoundList([_line(*row, now, area) for row in found], page, pages)


def open_rounds(
    session: Session, place: Area | None, *, now: datetime, limit: int
) -> list[RoundLine]:
    """Return what one can take part in now: of one's own place first, votes first, soonest end first."""
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    phase = phase_in_force(now)
    kind = case(
        (phase == Phase.VOTING.value, 0), (phase == Phase.COLLECTING.value, 1), else_=2
    )  # what ends for good comes before what can only be read
    query = (
        _lines()
        .where(_stands(Standing.OPEN, now))
        .order_by(_far(place), kind, closing, Round.id)
        .limit(limit)
    )
    return [_line(*row, now, place) for row in session.execute(query)]


def rounds_standing(
    session: Session,
    place: Area | None,
    *,
    now: datetime,
    standings: Iterable[Standing],
    limit: int,
) -> list[RoundLine]:
    """Return rounds of some groups: of one's own place first, then in the order in which they vote."""
    stands = or_(*(_stands(standing, now) for standing in standings))
    query = _lines().where(stands).order_by(_far(place), Round.opens_at, Round.id).limit(limit)
    return [_line(*row, now, place) for row in session.execute(query)]


def rounds_in_phases(
    session: Session, place: Area | None, *, now: datetime, phases: Iterable[Phase], limit: int
) -> list[RoundLine]:
    """Return rounds that stand in some phases: of one's own place first, then the latest votes first."""
    stands = Round.phase.in_([phase.value for phase in phases])
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    query = _lines().where(stands).order_by(_far(place), closing.desc(), Round.id).limit(limit)
    return [_line(*row, now, place) for row in session.execute(query)]


def _lines() -> Select[Round, date | None]:
    in_force = func.coalesce(Round.publicity_to, Result.publicity_to, type_=Round.publicity_to.type)
    return (
        select(Round, in_force)
        .join(Round.area)
        .outerjoin(Result, Result.round_id == Round.id)
        .where(seen_by_all())
    )


def _line(round: Round, publicity_to: date | None, now: datetime, place: Area | None) -> RoundLine:
    is_near = place is not None and (
        round.area.lies_in(place) or place.path.startswith(round.area.path)
    )
    return RoundLine(round, round.phase_at(now), publicity_to, is_near)


def _is_near(place: Area) -> ColumnElement[bool]:
    # A round of the whole community is one of every estate in it.
    around = place.path.split("/")[:-1]
    return or_(Area.path.startswith(place.path, autoescape=True), Area.id.in_(around))


def _far(place: Area | None) -> ColumnElement[int]:
    return case((_is_near(place) if place else false(), 0), else_=1)


def _stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    return phase_in_force(now).in_(phases_of(standing))
