"""Votes by channel: worked out while the urn is open, stored as far as they may be shown, and recounted."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from voting.rounds.rules import BallotKind
from voting.tally.models import ChannelVote
from voting.tally.rules.channels import ChannelTable, ChannelVotes, together
from voting.tally.rules.judging import judge, named, shown_channels
from voting.tally.service.reckoning import Counted

_TABLE = cast("Table", ChannelVote.__table__)
# Kinds of ballots on which a project is named or not; the others serve elections of other places.
_NAMING = {BallotKind.APPROVAL, BallotKind.CHOOSE_1, BallotKind.KNAPSACK}


def channel_votes_of(counted: Counted) -> list[ChannelVotes]:
    """Return the cells that may be shown of a count whose urn is open; else nothing is known of channels."""
    terms, contents = counted.terms, counted.contents
    if not contents.apart or terms.kind not in _NAMING:
        return []
    listed = [one.id for one in counted.listed]
    # What was withdrawn is voted for on ballots that count and on such that do not: no table of its own.
    standing = [one.id for one in counted.listed if not one.withdrawn]
    judged = {channel: judge(said, terms) for channel, said in contents.apart.items()}
    by_channel = {
        channel: {id: votes for id, votes in named(one.valid, listed).items() if id in standing}
        for channel, one in judged.items()
    }
    groups = shown_channels(contents.channels)
    table = ChannelTable(
        votes=together(groups, by_channel),
        ballots=groups,
        uncounted={
            names: number - sum(judged[name].valid_count for name in names.split("+"))
            for names, number in groups.items()
        },
        fewest=1 if len(standing) < len(listed) else terms.least,
        most=_most(counted, standing),
    )
    return table.shown()


def _most(counted: Counted, standing: Sequence[str]) -> int:
    """Return how many standing projects a ballot names at most: fewer where they are dear for its limit."""
    terms, affordable, spent = counted.terms, 0, 0
    if terms.spend_limit is None:
        return terms.most
    for cost in sorted(one.cost for one in counted.listed if one.id in standing):
        spent += cost
        affordable += spent <= terms.spend_limit
    return min(terms.most, affordable)


def store_channel_votes(session: Session, round_id: str, cells: Sequence[ChannelVotes]) -> None:
    """Store the cells that may be shown, once, together with the count they belong to."""
    rows = [
        {
            "round_id": round_id,
            "channel": cell.channel,
            "candidate": cell.id,
            "votes": cell.votes,
            "ballots": cell.ballots,
        }
        for cell in cells
    ]
    if rows:
        session.execute(insert(_TABLE), rows)


def stored_channel_votes(session: Session, round_id: str) -> list[ChannelVotes]:
    """Return the cells that are stored of a round, by project and group of channels."""
    found = session.scalars(
        select(ChannelVote)
        .where(ChannelVote.round_id == round_id)
        .order_by(ChannelVote.candidate, ChannelVote.channel)
    )
    return [ChannelVotes(row.channel, row.candidate, row.votes, row.ballots) for row in found]
