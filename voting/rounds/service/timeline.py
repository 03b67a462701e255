"""Gathers the time line of a round: its plan, its history, and what the clock has brought meanwhile."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.clock import at_local
from voting.rounds.models import Round
from voting.rounds.rules import (
    Change,
    Node,
    Phase,
    coming,
    joined,
    planned_days,
    reached,
)
from voting.rounds.service.cloning import plan_of
from voting.rounds.service.days import days_asked, work_days
from voting.rounds.service.finding import history_of

_DAY = timedelta(days=1)


def timeline_of(
    session: Session, round: Round, *, now: datetime, is_public: bool = True
) -> list[Node]:
    """Return the time line of a round, with what lies ahead."""
    changes = [
        Change(Phase(one.before), Phase(one.after), one.at, one.reason, one.day, one.act)
        for one in history_of(session, round.id)
    ]
    changes += _by_clock(round, now, last=changes[-1].at if changes else round.created_at)
    planned = planned_of(session, round)
    done = reached(changes, planned, is_public=is_public)
    return joined(done, coming(round.phase_at(now), planned))


def planned_of(session: Session, round: Round) -> dict[Phase, date]:
    """Return on which day each phase was planned to begin, as far as the plan says."""
    asked = days_asked(plan_of(round))
    days = planned_days(work_days(session, asked.opens_on), asked)
    planned = {
        Phase.VOTING: days.opens_on,
        Phase.COUNTING: days.closes_on,
        Phase.RESULT_REVIEW: days.closes_on,
        Phase.PUBLICITY: days.posted_on,
        Phase.CONFIRMED: days.public_until + _DAY,
    }
    kept = {
        Phase.COLLECTING: round.collecting_from,
        Phase.SCREENING: round.collecting_until and round.collecting_until + _DAY,
        Phase.DELIBERATING: round.review_until and round.review_until + _DAY,
        Phase.VOTE_ANNOUNCED: round.announce_on,
    }
    return planned | {phase: day for phase, day in kept.items() if day is not None}


def successor_of(session: Session, round_id: str) -> Round | None:
    """Return the round that repeats a void vote, if there is one."""
    return session.scalar(select(Round).where(Round.repeats_id == round_id))


def _by_clock(round: Round, now: datetime, *, last: datetime) -> list[Change]:
    """Return the steps the clock has brought and nobody has written down yet."""
    stored, here = Phase(round.phase), round.phase_at(now)
    if stored is here:
        return []
    if here is Phase.SCREENING and round.collecting_until:
        over = at_local(round.collecting_until + _DAY)
        return [Change(stored, here, max(over, last))]
    found = []
    if stored is Phase.VOTE_ANNOUNCED:
        found.append(Change(stored, Phase.VOTING, max(round.opens_at, last)))
    if here is Phase.COUNTING:
        found.append(Change(Phase.VOTING, here, max(round.closing, last)))
    return found
