"""What an appointed person sees, and who acted on a round."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.accounts.service import officer_names
from voting.custody.models import HeldSheet
from voting.custody.service import sheet_of
from voting.journal.rules import COMMAND_LINE
from voting.roll.service import RollCounts, roll_counts
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Phase
from voting.rounds.service import BY_CLOCK, get_round
from voting.tally.models import UrnOpening

MAY_SEE_WHO = frozenset({"monitor"})


@dataclass(frozen=True)
class Opening:
    """Who opens the urn, and when; names only for those who may know them."""

    first_at: datetime
    second_at: datetime | None
    first: str
    second: str


@dataclass(frozen=True)
class DutyFacts:
    """What stands on an appointed person's page; never how anybody voted."""

    round: Round
    phase: Phase
    counts: RollCounts
    opening: Opening | None
    sheet: HeldSheet | None = None


def duty_facts(session: Session, appointment: Appointment, *, now: datetime) -> DutyFacts:
    """Return what this appointment may see of its round at ``now``."""
    round = get_round(session, appointment.round_id)
    return DutyFacts(
        round=round,
        phase=round.phase_at(now),
        counts=roll_counts(session, round.id),
        opening=_opening(session, round.id, names=appointment.duty in MAY_SEE_WHO),
        sheet=sheet_of(session, appointment),
    )


def _opening(session: Session, round_id: str, *, names: bool) -> Opening | None:
    found = session.get(UrnOpening, round_id)
    if found is None:
        return None
    ids = [id for id in (found.first_officer, found.second_officer) if id] if names else []
    named = names_of(session, ids)
    return Opening(
        first_at=found.first_at,
        second_at=found.second_at,
        first=named.get(found.first_officer, ""),
        second=named.get(found.second_officer or "", ""),
    )


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the names behind ids that acts were written down with; strange ids are left out."""
    known = {BY_CLOCK: "到时自动", COMMAND_LINE.id: COMMAND_LINE.name}
    return known | officer_names(session, ids)
