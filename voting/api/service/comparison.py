"""What other rules would have given, where a round said that everybody may see it."""

from sqlalchemy.orm import Session

from voting.api.rules import Json, moment, money
from voting.comparing.rules.facts import Alternative, Compared, Comparison
from voting.comparing.rules.words import FIRST, change, rule_name, rule_sentences
from voting.comparing.service import ChannelColumn, ShownComparison, public_comparison
from voting.figures import budget, percent
from voting.results.rules import channel_name
from voting.roll.service.turnout import TurnoutLine
from voting.rounds.service import get_seen_round


def seen_comparison(session: Session, round_id: str) -> ShownComparison:
    """Return the comparison of a real round; raise NotFound where nobody may see one."""
    return public_comparison(session, get_seen_round(session, round_id).id)[1]


def comparison(session: Session, round_id: str) -> Json:
    """Return the comparison of a round; raise NotFound."""
    shown = seen_comparison(session, round_id)
    found = shown.found
    return {
        "round_id": round_id,
        "says": FIRST,
        "made_at": moment(shown.made_at),
        "budget": money(found.budget),
        "cut_to": None if shown.cut_to is None else money(shown.cut_to),
        "valid": found.valid,
        "rules": [_rule(one, found) for one in found.alternatives],
        "projects": [_project(one) for one in found.projects],
        "smallest": found.smallest,
        "channels": [_channel(one) for one in shown.channels],
        "turnout_by_age": [_turnout(line) for line in shown.turnout.ages],
        "turnout_by_building": [_turnout(line) for line in shown.turnout.buildings],
        "page": f"/rounds/{round_id}/comparison",
    }


def _rule(one: Alternative, found: Comparison) -> Json:
    came, went = change(one, found.declared)
    return {
        "rule": one.rule.value,
        "name": str(rule_name(one)),
        "sentences": [str(phrase) for phrase in rule_sentences(one, budget, found)],
        "is_declared": one.declared,
        "funded": [int(id) for id in one.funded],
        "came": [int(id) for id in came],
        "went": [int(id) for id in went],
        "spent": money(one.spent),
        "served_percent": one.served_percent,
        "tied": [int(id) for id in one.tied],
    }


def _project(one: Compared) -> Json:
    return {
        "number": int(one.id),
        "title": one.title,
        "cost": money(one.cost),
        "votes": one.votes,
        "rank": one.place,
        "is_funded": one.funded,
        "votes_to_win": one.more,
        "votes_to_lose": one.fewer,
    }


def _channel(one: ChannelColumn) -> Json:
    return {
        "channel": one.channel,
        "name": channel_name(one.channel),
        "ballots": one.ballots,
        "votes": [
            {"number": int(id), "votes": votes}
            for id, votes in sorted(one.votes.items(), key=lambda item: int(item[0]))
        ],
    }


def _turnout(line: TurnoutLine) -> Json:
    return {
        "name": line.name,
        "listed": line.listed,
        "marked": line.marked,
        "percent": percent(line.marked, line.listed),
    }
