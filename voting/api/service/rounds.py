"""Rounds as anybody may see them: real ones, from the street's approval on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.api.rules import Json, moment, money
from voting.api.service.asking import Asked, Key, newest_first, part
from voting.areas.models import Area
from voting.notices.rules import whereabouts
from voting.results.models import Result
from voting.results.rules import Publicity
from voting.results.service import days_in_force
from voting.rounds.models import Round
from voting.rounds.rules import PHASE_NAMES
from voting.rounds.service import seen_by_all
from voting.tally.rules.phrases import declared_phrases, tie_phrases
from voting.tally.service import declared_by

_KEYS = (newest_first(Round.opens_at), Key(Round.id))


def round_part(session: Session, asked: Asked, *, now: datetime, area: Area | None = None) -> Json:
    """Return a part of the rounds, of an area and everything below it, the latest vote first."""
    query = select(Round).where(seen_by_all())
    if area is not None:
        inside = Area.path.startswith(area.path, autoescape=True)
        query = query.where(Round.area_id.in_(select(Area.id).where(inside)))
    return part(session, query, _KEYS, asked, lambda rows: _written(session, rows, now=now))


def written_round(session: Session, round: Round, *, now: datetime) -> Json:
    """Return one round."""
    return _written(session, [round], now=now)[0]


def _written(session: Session, rounds: Sequence[Round], *, now: datetime) -> list[Json]:
    declared = select(Result).where(
        Result.round_id.in_([round.id for round in rounds]), Result.declared_at.is_not(None)
    )
    results = {one.round_id: one for one in session.scalars(declared)}
    return [_one(round, results.get(round.id), now=now) for round in rounds]


def _one(round: Round, declared: Result | None, *, now: datetime) -> Json:
    phase = round.phase_at(now)
    return {
        "id": round.id,
        "title": round.title,
        "area_id": round.area_id,
        "area_name": round.area.name,
        "phase": phase.value,
        "phase_name": PHASE_NAMES[phase],
        "budget": money(round.budget),
        "scope": whereabouts(round.scope, round.area.name),
        "min_age": round.min_age,
        "reference_day": round.reference_day.isoformat(),
        "opens_at": moment(round.opens_at),
        "closes_at": moment(round.closing),
        "min_choices": round.min_choices,
        "max_choices": round.max_choices,
        "ballot_kind": round.ballot_kind,
        "spend_limit": None if round.spend_limit is None else money(round.spend_limit),
        "rules": [str(phrase) for phrase in declared_phrases(declared_by(round))],
        "tie_rules": [str(phrase) for phrase in tie_phrases(round.tie_steps, round.lot_source)],
        "publicity": written_days(days_in_force(round, declared)),
        "has_result": declared is not None,
        "help_number": round.help_number,
        "office_name": round.office_name,
        "office_address": round.office_address,
        "page": f"/rounds/{round.id}",
    }


def written_days(days: Publicity | None) -> Json | None:
    """Return the first and the last day of publicity, where there are some."""
    return {"first": days.first.isoformat(), "last": days.last.isoformat()} if days else None
