"""What is known of a round when a step is asked for, from every stage before."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.areas.service import find_installation, scanned
from voting.clock import local_day
from voting.comparing.service import find_comparison
from voting.conduct.rules import Facts, Remark, Step, missing, remarks
from voting.config import Config
from voting.custody.service import standing_of
from voting.delivery.service import project_counts
from voting.errors import Refusal
from voting.paper.service.reconciling import find_sheet
from voting.proposals.models import Candidate, Proposal
from voting.proposals.service import candidates_of, conflicts_of, open_appeals, unresolved
from voting.results.models import Result
from voting.results.service import days_in_force
from voting.roll.service import roll_counts
from voting.rounds.models import Appointment, PhaseChange, Round
from voting.rounds.rules import Allocation, Phase, quotas_of
from voting.rounds.service import undecided_minutes
from voting.tally.models import Tally
from voting.tally.rules.thresholds import Turnout
from voting.tally.service import find_opening
from voting.tally.service.drawing import draw_state


def facts_of(
    session: Session,
    round: Round,
    *,
    now: datetime,
    config: Config | None = None,
    given_day: date | None = None,
) -> Facts:
    """Gather what every stage knows; without ``config`` any scanned address will do."""
    return Facts(
        now=now,
        opens_at=round.opens_at,
        collecting_until=round.collecting_until,
        max_choices=round.max_choices,
        most_candidates=round.most_candidates,
        has_office=all((round.office_name, round.office_address, round.office_contact)),
        is_scanned=_is_scanned(session, config),
        listed=roll_counts(session, round.id).listed,
        monitors=_count_monitors(session, round.id),
        is_voting=_is_voting(round, now),
        votes_now=round.phase_at(now) is Phase.VOTING,
        is_extended=round.extended_to is not None,
        is_repeated=find_successor(session, round.id) is not None,
        is_rehearsal=round.kind == "rehearsal",
        lost_minutes=undecided_minutes(session, round.id),
        is_opened=_is_opened(session, round.id),
        given_day=given_day,
        sheet=_sheet(session, round.id),
        **_of_key(session, round),
        **_of_list(session, round),
        **_of_result(session, round),
        **_of_projects(session, round),
    )


def _is_opened(session: Session, round_id: str) -> bool:
    opening = find_opening(session, round_id)
    return opening is not None and opening.second_officer is not None


def _sheet(session: Session, round_id: str) -> str:
    signed = find_sheet(session, round_id)
    return signed.outcome if signed is not None and signed.second_by is not None else ""


def _of_key(session: Session, round: Round) -> dict[str, Any]:
    standing = standing_of(session, round)
    return {
        "seal_way": round.seal_way,
        "is_key_proven": standing.passes_gate,
        "is_key_lost": standing.is_lost,
    }


def _of_list(session: Session, round: Round) -> dict[str, Any]:
    candidates = candidates_of(session, round.id)
    conflicts = conflicts_of(session, round.id)
    appeals = open_appeals(session, round.id)
    return {
        "proposals": _count_proposals(session, round),
        "unresolved": max(unresolved(session, round.id) - appeals, 0),
        "open_appeals": appeals,
        "candidates": len(candidates),
        "too_dear": _too_dear(round, candidates),
        "above_quota": _above_quota(round, candidates),
        "out_of_reach": _out_of_reach(round, candidates),
        "least_beyond_limit": _least_beyond_limit(round, candidates),
        "conflict": (conflicts[0].name, conflicts[0].number) if conflicts else None,
    }


def _of_result(session: Session, round: Round) -> dict[str, Any]:
    result, tally = session.get(Result, round.id), session.get(Tally, round.id)
    days = days_in_force(round, result)
    return {
        "is_counted": tally is not None,
        "low_turnout": _low_turnout(tally),
        "is_tied": round.phase == Phase.COUNTING and draw_state(session, round).waits,
        "is_declared": result is not None and result.declared_at is not None,
        "lacks_comparison": round.compare_public and find_comparison(session, round.id) is None,
        "declared_on": local_day(result.declared_at) if result and result.declared_at else None,
        "objected_on": _last_objection(session, round),
        "publicity_from": days.first if days else None,
        "publicity_to": days.last if days else None,
    }


def _low_turnout(tally: Tally | None) -> tuple[int, int, int] | None:
    said = json.loads(tally.outcome).get("turnout") if tally else None
    turnout = Turnout(**said) if said else None
    if turnout is None or turnout.suffices:
        return None
    return turnout.marked, turnout.roll, turnout.least


def _of_projects(session: Session, round: Round) -> dict[str, Any]:
    counts = project_counts(session, round.id)
    return {
        "projects": counts.total,
        "projects_approved": counts.approved,
        "projects_ended": counts.ended,
    }


def _last_objection(session: Session, round: Round) -> date | None:
    if round.phase != Phase.OBJECTION:
        return None
    made = select(PhaseChange.day).where(
        PhaseChange.round_id == round.id, PhaseChange.act == "round.object"
    )
    return session.scalars(made.order_by(PhaseChange.at.desc()).limit(1)).one_or_none()


def _is_voting(round: Round, now: datetime) -> bool:
    """Tell whether a vote is on, or was when the round was paused, or would have begun meanwhile."""
    if round.paused_in is None:
        return round.phase_at(now) is Phase.VOTING
    return round.paused_in is Phase.VOTING or (
        round.paused_in is Phase.VOTE_ANNOUNCED and round.opens_at <= now
    )


def find_successor(session: Session, round_id: str) -> Round | None:
    """Return the round in which a void vote is held again, if there is one."""
    return session.scalars(select(Round).where(Round.repeats_id == round_id)).one_or_none()


def standing(step: Step, facts: Facts) -> tuple[list[Refusal], list[Remark]]:
    """Return what must be put right before a step, and what is only unusual."""
    return missing(step, facts), remarks(step, facts)


def _count_proposals(session: Session, round: Round) -> int:
    mine = Proposal.round_id == round.roll_key_id
    found = select(func.count()).select_from(Proposal).where(mine)
    return session.scalar(found) or 0


def _too_dear(round: Round, candidates: list[Candidate]) -> tuple[int, str] | None:
    if round.allocation == Allocation.TOP_K:
        return None
    dear = (one for one in candidates if one.cost > round.budget)
    first = next(dear, None)
    return (first.ballot_number or 0, first.title) if first else None


def _above_quota(round: Round, candidates: list[Candidate]) -> tuple[int, str] | None:
    most = {quota.category: quota.money for quota in quotas_of(round)}
    for one in candidates:
        money = most.get(one.category or "")
        if money is not None and one.cost > money:
            return one.ballot_number or 0, one.title
    return None


def _out_of_reach(round: Round, candidates: list[Candidate]) -> tuple[int, str] | None:
    limit = round.spend_limit
    dear = (one for one in candidates if limit is not None and one.cost > limit)
    first = next(dear, None)
    return (first.ballot_number or 0, first.title) if first else None


def _least_beyond_limit(round: Round, candidates: list[Candidate]) -> int | None:
    limit, least = round.spend_limit, max(1, round.min_choices)
    cheapest = sum(sorted(one.cost for one in candidates)[:least])
    return least if limit is not None and cheapest > limit else None


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
