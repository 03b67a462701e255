"""What the home page shows: what is open now, what comes, works under way, results, the latest papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from voting.areas.models import Area
from voting.areas.service import top_area
from voting.clock import local_day
from voting.delivery.rules.states import PublicState
from voting.delivery.service import ProjectLine, Wanted, in_progress, public_projects
from voting.notices.models import Notice
from voting.public.rules import SETTLED, Standing
from voting.public.service.papers import latest_papers
from voting.public.service.rounds import (
    RoundLine,
    open_rounds,
    rounds_in_phases,
    rounds_standing,
)

_UNDER_WAY = (PublicState.BUILDING, PublicState.PREPARING, PublicState.FINISHED)
_OPEN, _SOON, _WORKS, _RESULTS, _PAPERS = 8, 6, 6, 5, 6


@dataclass(frozen=True)
class Home:
    """What is open now, what comes, works under way, results that stand, and the latest papers."""

    open: Sequence[RoundLine]
    soon: Sequence[RoundLine]
    works: Sequence[ProjectLine]
    results: Sequence[RoundLine]
    notices: Sequence[Notice]
    top: Area | None

    @property
    def near(self) -> list[RoundLine]:
        """What is open in the reader's own place."""
        return [line for line in self.open if line.is_near]

    @property
    def elsewhere(self) -> list[RoundLine]:
        """What is open anywhere else."""
        return [line for line in self.open if not line.is_near]

    @property
    def next_near(self) -> RoundLine | None:
        """The round of the reader's own place that comes next."""
        return next((line for line in self.soon if line.is_near), None)


def home(session: Session, *, now: datetime, place: Area | None = None) -> Home:
    """Return what anybody may see now, what is of one's own place first."""
    soon = (Standing.COUNTING, Standing.COMING)
    return Home(
        open=open_rounds(session, place, now=now, limit=_OPEN),
        soon=rounds_standing(session, place, now=now, standings=soon, limit=_SOON),
        works=_works(session, place, today=local_day(now)),
        results=rounds_in_phases(session, place, now=now, phases=SETTLED, limit=_RESULTS),
        notices=latest_papers(session, limit=_PAPERS),
        top=top_area(session),
    )


def _works(session: Session, place: Area | None, *, today: date) -> list[ProjectLine]:
    """Return works under way, those of one's own place first."""
    running = in_progress(session, _WORKS, today=today)
    if place is None:
        return running
    # The list of a place begins with what is being built, then what is being prepared.
    near = public_projects(session, today=today, wanted=Wanted(area=place)).lines
    mine = [line for line in near if line.word in _UNDER_WAY]
    ids = {line.project.id for line in mine}
    return [*mine, *(line for line in running if line.project.id not in ids)][:_WORKS]


def is_ready(session: Session) -> bool:
    """Tell whether the database answers and has the tables of this version."""
    session.execute(text("SELECT id FROM round LIMIT 1")).all()
    return True
