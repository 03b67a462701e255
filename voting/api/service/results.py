"""The declared result of a round: the facts as the street declared them, and nothing before that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voting.api.rules import Json, moment, money
from voting.api.service.rounds import written_days
from voting.errors import NotFound
from voting.figures import budget, percent
from voting.results.rules import ProjectLine, Publicity, ResultFacts
from voting.results.service import (
    cut_of,
    days_in_force,
    declared_facts,
    facts_of,
    find_result,
    numbers_of,
)
from voting.rounds.models import Round
from voting.rounds.service import get_seen_round
from voting.tally.rules.lots import DrawnLot

TURNOUT_SAYS = "名册上已登记投票的人数除以名册人数"


@dataclass(frozen=True)
class Declared:
    """A declared result with its round and the days of publicity in force."""

    round: Round
    facts: ResultFacts
    declared_at: datetime
    publicity: Publicity


def declared_result(session: Session, round_id: str) -> Declared:
    """Return the result of a round; raise NotFound for one that nobody may see yet."""
    round = get_seen_round(session, round_id)
    stored = find_result(session, round.id)
    days = days_in_force(round, stored)
    if stored is None or stored.declared_at is None or days is None:
        raise NotFound
    return Declared(round, facts_of(session, round.id), stored.declared_at, days)


def result(session: Session, round_id: str) -> Json:
    """Return the result of a round; raise NotFound."""
    found = declared_result(session, round_id)
    facts = found.facts
    return {
        "round_id": facts.round_id,
        "round_title": facts.round_title,
        "area_name": facts.area_name,
        "declared_at": moment(found.declared_at),
        "counted_at": moment(facts.counted_at),
        "publicity": written_days(found.publicity),
        "budget": money(facts.budget),
        "spent": money(facts.spent),
        "left": money(facts.budget - facts.spent),
        "cut": _cut(session, facts.round_id),
        "rules": [str(phrase) for phrase in facts.rule],
        "tie_rules": [str(phrase) for phrase in facts.tie_rule],
        **_counted(facts),
        "projects": [written_standing(line, facts) for line in facts.projects],
        "urn_digest": facts.urn_digest,
        "draw_seed": facts.draw_seed,
        "draw": _draw(facts.draw) if facts.draw else None,
        "page": f"/rounds/{facts.round_id}/result",
    }


def _draw(draw: DrawnLot) -> Json:
    return {
        "public_number": draw.public_number,
        "source": draw.source,
        "issue": draw.issue,
        "came_at": moment(draw.came_at),
        "drawn_at": moment(draw.at),
        "size": draw.size,
        "root": draw.root,
    }


def _cut(session: Session, round_id: str) -> Json | None:
    made = cut_of(session, round_id)
    if made is None or made.second_at is None:
        return None
    declared = declared_facts(session, round_id)
    return {
        "declared_budget": money(declared.budget),
        "declared_funded": [line.number for line in declared.funded],
        "budget": money(made.budget),
        "funded": list(numbers_of(made.funded)),
        "reason": made.reason,
        "decided_by": made.decided_by,
        "day": made.day.isoformat(),
        "at": moment(made.second_at),
    }


def _counted(facts: ResultFacts) -> Json:
    return {
        "ties": [
            {
                "votes": tie.votes,
                "numbers": list(tie.numbers),
                "decided_by": [step.value for step in tie.decided_by],
                "sentence": str(tie.phrase),
            }
            for tie in facts.ties
        ],
        "turnout": {
            "marked": facts.marked,
            "roll": facts.roll,
            "percent": percent(facts.marked, facts.roll),
            "says": TURNOUT_SAYS,
            "days": written_turnout(facts),
        },
        "ballots": {
            "cast": facts.ballots,
            "valid": facts.valid,
            "blank": facts.blank,
            "invalid": facts.invalid,
        },
        "channels": [
            {"channel": line.channel, "name": line.name, "ballots": line.ballots}
            for line in facts.by_channel
        ],
        "categories": [
            {
                "name": line.name,
                "candidates": line.candidates,
                "funded": line.funded,
                "spent": money(line.spent),
            }
            for line in facts.by_category
        ],
    }


def written_turnout(facts: ResultFacts) -> list[Json]:
    """Return how many people were marked on which days, as the result tells it; no day has fewer than ten."""
    lines, total = [], 0
    for one in facts.days:
        total += one.marked
        lines.append(
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "marked": one.marked,
                "total": total,
                "percent": percent(total, facts.roll),
            }
        )
    return lines


def written_standing(line: ProjectLine, facts: ResultFacts) -> Json:
    """Return what became of one project."""
    return {
        "number": line.number,
        "title": line.title,
        "category_name": line.category,
        "place": line.place,
        "cost": money(line.cost),
        "beneficiaries": line.beneficiaries,
        "votes": line.votes,
        "share": percent(line.votes, facts.valid),
        "rank": line.rank,
        "is_funded": line.funded,
        "reason": line.reason.value,
        "sentence": str(line.sentence(budget)),
    }
