"""One place for its neighbours: where it lies, its rounds, works and papers, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.areas.models import Area, FormerName
from voting.areas.service import areas_above, former_names
from voting.clock import local_day
from voting.delivery.service import ProjectLine, ProjectPage, Wanted, public_projects
from voting.notices.models import Notice
from voting.public.service.papers import latest_papers
from voting.public.service.places import PlaceList, find_places
from voting.public.service.rounds import RoundList, rounds_of_place

_WORKS, _PAPERS = 8, 6


@dataclass(frozen=True)
class PlacePage:
    """What a place's page shows; ``below`` is the first page of the places inside it."""

    area: Area
    above: Sequence[Area]
    below: PlaceList
    former: Sequence[FormerName]
    rounds: RoundList
    works: ProjectPage
    notices: Sequence[Notice]

    @property
    def first_works(self) -> Sequence[ProjectLine]:
        """The works that stand on the page itself; the others have a list of their own."""
        return self.works.lines[:_WORKS]

    @property
    def help_number(self) -> str | None:
        """The number to call: the place's own, or the nearest one above it."""
        chain = [*self.above, self.area]
        return next((area.help_number for area in reversed(chain) if area.help_number), None)


def place_page(session: Session, area: Area, *, now: datetime, page: int) -> PlacePage:
    """Return what anybody may see of a place; ``page`` is that of its rounds."""
    return PlacePage(
        area=area,
        above=areas_above(session, area),
        below=find_places(session, "", inside=area),
        former=former_names(session, area.id),
        rounds=rounds_of_place(session, area, now=now, page=page),
        works=public_projects(session, today=local_day(now), wanted=Wanted(area=area)),
        notices=latest_papers(session, area, limit=_PAPERS),
    )
