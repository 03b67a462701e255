"""What the paper that calls to the vote needs, read from a round whose rules are frozen."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.areas.service import find_installation
from voting.clock import local_day
from voting.errors import Refusal
from voting.notices.service import issuer_of
from voting.polling.models import PollingPlace
from voting.polling.service import open_places
from voting.proposals.models import Candidate
from voting.proposals.service import candidates_of
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round


class NotAnnounced(Refusal):
    """The rules may still change."""

    msgid = "规则和候选名单还没有确定，还可能改，不能发投票通告。"


@dataclass(frozen=True)
class Announcement:
    """A frozen round with what its paper needs besides: all loaded, nothing else is read."""

    round: Round
    candidates: tuple[Candidate, ...]
    appointments: tuple[Appointment, ...]
    places: tuple[PollingPlace, ...]
    issuer: str
    issued_on: date
    demo: bool


def announcement_of(session: Session, *, now: datetime, round_id: str) -> Announcement:
    """Return a frozen round as its paper needs it; raise NotFound or NotAnnounced."""
    round = get_round(session, round_id)
    if round.frozen_at is None or round.phase == Phase.TERMINATED or round.kind == "loaded":
        raise NotAnnounced
    running = select(Appointment).where(
        Appointment.round_id == round_id, Appointment.ended_at.is_(None)
    )
    installation = find_installation(session)
    return Announcement(
        round=round,
        candidates=tuple(
            one for one in candidates_of(session, round_id) if one.withdrawn_at is None
        ),
        appointments=tuple(
            session.scalars(running.order_by(Appointment.appointed_at, Appointment.id))
        ),
        places=tuple(open_places(session, round_id)),
        issuer=issuer_of(session, round.area),
        issued_on=local_day(now),
        demo=installation is not None and installation.demo,
    )
