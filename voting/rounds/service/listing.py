"""The rounds of an area, page by page, narrowed to what somebody looks for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.clock import local_day
from voting.reading import is_plain
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service.finding import PER_PAGE, in_order

_SEARCH_MOST = 60


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: a phase in force, an area and what lies in it, part of a title."""

    phase: str = ""
    area_id: str = ""
    search: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.phase or self.area_id or self.search)


@dataclass(frozen=True)
class RoundPage:
    """One page of rounds; pages count from 1."""

    rounds: list[Round]
    page: int
    pages: int
    total: int = 0


_EVERYTHING = Wanted()


def rounds_in(
    session: Session,
    area: Area,
    *,
    now: datetime,
    page: int = 1,
    wanted: Wanted = _EVERYTHING,
) -> RoundPage:
    """Return a page of the rounds inside an area, in the order of ``in_order``."""
    conditions = [Area.path.startswith(area.path, autoescape=True), *_conditions(wanted, now)]
    counted = select(func.count()).select_from(Round).join(Round.area).where(*conditions)
    total = session.scalar(counted) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    query = in_order(select(Round).join(Round.area).where(*conditions), now)
    rounds = session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return RoundPage(list(rounds), page, pages, total)


def phase_in_force(now: datetime) -> ColumnElement[str]:
    """Return the phase in force at ``now`` as the database works it out: ``Round.phase_at`` in SQL."""
    closing = func.coalesce(Round.extended_to, Round.closes_at)
    is_announced = Round.phase == Phase.VOTE_ANNOUNCED.value
    is_voting = Round.phase == Phase.VOTING.value
    is_open = or_(and_(is_announced, Round.opens_at <= now), is_voting)
    is_collected = and_(
        Round.phase == Phase.COLLECTING.value, Round.collecting_until < local_day(now)
    )
    return case(
        (and_(is_open, closing <= now), Phase.COUNTING.value),
        (is_open, Phase.VOTING.value),
        (is_collected, Phase.SCREENING.value),
        else_=Round.phase,
    )


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.phase:
        found.append(phase_in_force(now) == wanted.phase)
    if wanted.area_id:
        found.append(Area.path.contains(f"{wanted.area_id}/", autoescape=True))
    if wanted.search:
        search = wanted.search.strip()[:_SEARCH_MOST]
        # PostgreSQL refuses NUL in a text with an error.
        is_sound = is_plain(search)
        found.append(Round.title.contains(search, autoescape=True) if is_sound else false())
    return found
