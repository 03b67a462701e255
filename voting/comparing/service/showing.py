"""Reading a comparison that was made, with votes by channel and turnout by age and building beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.comparing.models import ComparisonMade
from voting.comparing.rules.facts import Compared, Comparison
from voting.errors import NotFound
from voting.notices.rules import read_facts
from voting.results.service import cut_of, find_result
from voting.roll.service.turnout import Turnout, stored_turnout, turnout_now
from voting.rounds.models import Round
from voting.rounds.service import get_round, was_public
from voting.tally.service import find_tally
from voting.tally.service.channels import stored_channel_votes


@dataclass(frozen=True)
class ChannelColumn:
    """A group of channels: how many ballots came by it, and the votes of the projects that may be told."""

    channel: str
    ballots: int
    votes: Mapping[str, int]


@dataclass(frozen=True)
class ShownComparison:
    """Everything that is shown beside an outcome.

    ``was_kept`` is False of a count from before votes by channel were kept; ``cut_to`` is the budget (分) to
    which the declared one was cut since: the comparison is that of the declared result.
    """

    found: Comparison
    made_at: datetime
    channels: tuple[ChannelColumn, ...]
    turnout: Turnout
    was_kept: bool = True
    cut_to: int | None = None

    def rest(self, one: Compared) -> int:
        """Return the votes of a project of which it is not told by which channel they came."""
        return one.votes - sum(column.votes.get(one.id, 0) for column in self.channels)


def find_comparison(session: Session, round_id: str) -> ComparisonMade | None:
    """Return the stored comparison of a round by the newest method, or None."""
    made = select(ComparisonMade).where(ComparisonMade.round_id == round_id)
    return session.scalars(made.order_by(ComparisonMade.version.desc()).limit(1)).one_or_none()


def shown_comparison(session: Session, round_id: str) -> ShownComparison | None:
    """Return a comparison with what stands beside it, or None where none was made.

    Turnout is that of the declared result; before the declaration that of the roll as it is.
    """
    made = find_comparison(session, round_id)
    if made is None:
        return None
    result = find_result(session, round_id)
    declared = result is not None and result.declared_at is not None
    turnout = stored_turnout if declared else turnout_now
    cut = cut_of(session, round_id)
    return ShownComparison(
        read_facts(Comparison, made.facts),
        made.made_at,
        tuple(_columns(session, round_id)),
        turnout(session, round_id),
        was_kept=_was_kept(session, round_id),
        cut_to=cut.budget if cut else None,
    )


def _was_kept(session: Session, round_id: str) -> bool:
    tally = find_tally(session, round_id)
    return tally is not None and tally.channel_digest is not None


def _columns(session: Session, round_id: str) -> list[ChannelColumn]:
    ballots: dict[str, int] = {}
    votes: dict[str, dict[str, int]] = {}
    for cell in stored_channel_votes(session, round_id):
        ballots[cell.channel] = cell.ballots
        votes.setdefault(cell.channel, {})[cell.id] = cell.votes
    order = sorted(ballots, key=lambda channel: (-ballots[channel], channel))
    return [ChannelColumn(channel, ballots[channel], votes[channel]) for channel in order]


def public_comparison(session: Session, round_id: str) -> tuple[Round, ShownComparison]:
    """Return a comparison that everybody may see; raise NotFound.

    The round must have said before its vote that it would be published, and its result be declared.
    """
    round = get_round(session, round_id)
    if round.kind == "loaded" or not round.compare_public or not was_public(session, round):
        raise NotFound
    result = find_result(session, round_id)
    if result is None or result.declared_at is None:
        raise NotFound
    shown = shown_comparison(session, round_id)
    if shown is None:
        raise NotFound
    return round, shown
