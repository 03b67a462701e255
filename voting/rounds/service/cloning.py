"""The plan of a round, for another round: the same decisions, new days, none of the people."""

from dataclasses import fields
from datetime import date, timedelta

from voting.clock import SHANGHAI, at_local, local_day
from voting.rounds.models import Round
from voting.rounds.rules import (
    DAY_NAMES,
    Allocation,
    BallotKind,
    DrawWay,
    Plan,
    Publication,
    RoundChannel,
    SealWay,
    SecondFactor,
)


def plan_of(round: Round) -> Plan:
    """Return the plan of a round as it stands."""
    same = {field.name: getattr(round, field.name) for field in fields(Plan)}
    chosen = {
        "allocation": Allocation(round.allocation),
        "seal_way": SealWay(round.seal_way),
        "publication": Publication(round.publication),
        "ballot_kind": BallotKind(round.ballot_kind),
        "draw_way": DrawWay(round.draw_way),
        "channels": tuple(channel for channel in RoundChannel if round.offers(channel)),
        "second_factors": tuple(factor for factor in SecondFactor if round.proves_by(factor)),
    }
    return Plan(**same | chosen)


def clone_plan(round: Round, *, opens_day: date) -> Plan:
    """Return the plan of a round for a vote that opens on another day.

    Times of day and the length of the vote stay. The planned days before the vote, the day of reference,
    and what belongs to the place (title, scope, polling place) are left to be worked out or filled in anew.
    """
    opens, closes = (moment.astimezone(SHANGHAI) for moment in (round.opens_at, round.closes_at))
    closes_day = opens_day + timedelta(days=(closes.date() - opens.date()).days)
    changed = {
        "title": "",
        "scope": "",
        "polling_place": "",
        "opens_at": at_local(opens_day, opens.hour, opens.minute),
        "closes_at": at_local(closes_day, closes.hour, closes.minute),
        "reference_day": closes_day + (round.reference_day - local_day(round.closes_at)),
    }
    same = {field.name: getattr(plan_of(round), field.name) for field in fields(Plan)}
    return Plan(**same | changed | dict.fromkeys(DAY_NAMES))
