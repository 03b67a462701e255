"""Sums that must agree (integrity.md §3.3, I2 and I3): each is read by one statement, so of one moment."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard, CardBatch
from voting.ledger.models import LedgerEntry
from voting.paper.models import AssistedSession, PaperVoid
from voting.roll.models import Channel, Participation
from voting.rounds.models import Round
from voting.upkeep.rules.findings import Finding, found


def check_figures(session: Session, round: Round) -> Iterator[Finding]:
    """Find a batch with more or fewer cards than it had, and ballots without a right, or the reverse."""
    counted = (
        select(func.count())
        .where(BallotCard.batch_id == CardBatch.id, BallotCard.round_id == CardBatch.round_id)
        .scalar_subquery()
    )
    batches = select(CardBatch.number, CardBatch.count, counted.label("found")).where(
        CardBatch.round_id == round.id, CardBatch.state != "making"
    )
    for row in session.execute(batches.order_by(CardBatch.number)):
        if row.count != row.found:
            yield found("batch_count", round.id, number=row.number)
    if round.kind != "loaded":
        yield from _rights(session, round)


def _rights(session: Session, round: Round) -> Iterator[Finding]:
    """Compare ballots with rights used: a card or a poster makes one at once, paper when it is entered."""
    spent = (
        select(func.count())
        .select_from(BallotCard)
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(BallotCard.round_id == round.id, BallotCard.state == "spent", CardBatch.kind == "vote")
        .scalar_subquery()
    )  # fmt: skip
    row = session.execute(
        select(
            spent.label("spent"),
            _used(round, Channel.POSTER, Channel.ASSISTED).label("at_once"),
            _used(round, Channel.PAPER_HANDED).label("paper"),
            _number(UrnEntry.round_id == round.id).label("ballots"),
            # A ballot that was taken back stays in the urn; who came by exchange has a mark before a ballot.
            _number(
                PaperVoid.round_id == round.id,
                PaperVoid.second_by.is_not(None),
                PaperVoid.slot.is_not(None),
            ).label("voids"),
            _number(AssistedSession.round_id == round.id, AssistedSession.marked.is_(True)).label(
                "left"
            ),
            _number(LedgerEntry.round_id == round.id, LedgerEntry.kind == "destroyed").label(
                "gone"
            ),
        )
    ).one()
    least = row.spent + row.at_once - row.left
    most = row.spent + row.at_once + row.paper + row.voids
    if not least <= row.ballots <= most and not (row.gone and not row.ballots):
        yield found("rights", round.id, ballots=row.ballots, least=least, most=most)


def _used(round: Round, *channels: Channel) -> ScalarSelect[int]:
    names = [channel.value for channel in channels]
    return _number(Participation.round_id == round.id, Participation.channel.in_(names))


def _number(*where: Any) -> ScalarSelect[int]:
    return select(func.count()).where(*where).scalar_subquery()


def check_strays(session: Session) -> Iterator[Finding]:
    """Find ballots that lie in the urn of no round; no foreign key leads there."""
    stray = select(func.count()).where(UrnEntry.round_id.not_in(select(Round.id)))
    number = session.scalar(stray)
    if number:
        yield found("stray_ballots", number=number)
