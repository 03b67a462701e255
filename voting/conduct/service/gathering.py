"""What is known of a round when a step is asked for, from every stage before."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, scanned
from voting.conduct.rules import Facts, Remark, Step, missing, remarks
from voting.config import Config
from voting.errors import Refusal
from voting.proposals.models import Candidate, Proposal
from voting.proposals.service import candidates_of, conflicts_of
from voting.results.models import Result
from voting.roll.service import roll_counts
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import Allocation
from voting.tally.models import Tally


def facts_of(
    session: Session, round: Round, *, now: datetime, config: Config | None = None
) -> Facts:
    """Gather what every stage knows; without ``config`` any scanned address will do."""
    candidates = candidates_of(session, round.id)
    conflicts = conflicts_of(session, round.id)
    result = session.get(Result, round.id)
    return Facts(
        now=now,
        opens_at=round.opens_at,
        collecting_until=round.collecting_until,
        max_choices=round.max_choices,
        proposals=_count_proposals(session, round.id),
        candidates=len(candidates),
        too_dear=_too_dear(round, candidates),
        has_office=all((round.office_name, round.office_address, round.office_contact)),
        is_scanned=_is_scanned(session, config),
        listed=roll_counts(session, round.id).listed,
        conflict=(conflicts[0].name, conflicts[0].number) if conflicts else None,
        monitors=_count_monitors(session, round.id),
        is_counted=session.get(Tally, round.id) is not None,
        is_declared=result is not None and result.declared_at is not None,
        publicity_to=result.publicity_to if result else None,
        is_rehearsal=round.kind == "rehearsal",
    )


def standing(step: Step, facts: Facts) -> tuple[list[Refusal], list[Remark]]:
    """Return what must be put right before a step, and what is only unusual."""
    return missing(step, facts), remarks(step, facts)


def _count_proposals(session: Session, round_id: str) -> int:
    found = select(func.count()).select_from(Proposal).where(Proposal.round_id == round_id)
    return session.scalar(found) or 0


def _too_dear(round: Round, candidates: list[Candidate]) -> tuple[int, str] | None:
    if round.allocation == Allocation.TOP_K:
        return None
    dear = (one for one in candidates if one.cost > round.budget)
    first = next(dear, None)
    return (first.ballot_number or 0, first.title) if first else None


def _is_scanned(session: Session, config: Config | None) -> bool:
    installation = find_installation(session)
    if config is not None:
        return scanned(installation, config)
    return installation is not None and installation.scanned_url is not None


def _count_monitors(session: Session, round_id: str) -> int:
    running = select(func.count()).where(
        Appointment.round_id == round_id,
        Appointment.duty == "monitor",
        Appointment.ended_at.is_(None),
    )
    return session.scalar(running) or 0
