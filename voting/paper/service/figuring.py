"""The figures of the sheet, read from the rows as they are: papers, marks on the roll, cards, the urn."""

from collections import Counter
from typing import cast

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from voting.accounts.models import Officer
from voting.ballots.models import UrnEntry
from voting.cards.models import BallotCard, CardBatch, DrawnCard
from voting.paper.models import (
    AssistedSession,
    Exchange,
    LateConflict,
    PaperBallot,
    PaperBatch,
    PaperBundle,
    PaperForeign,
    PaperVoid,
)
from voting.paper.rules.sheet import BundleFigures, RoundFigures, Sheet, Waiting
from voting.paper.service.progress import keying_progress
from voting.roll.models import Channel, Participation

_URN = cast("Table", UrnEntry.__table__)
_VOID = "void"


def has_paper(session: Session, round_id: str) -> bool:
    """Tell whether a round has papers, and so needs a sheet; void ones too, once the ledger knows them."""
    known = (PaperBatch.state != _VOID) | PaperBatch.ledger_idx.is_not(None)
    batches = select(PaperBatch.id).where(PaperBatch.round_id == round_id, known)
    return session.scalar(batches.limit(1)) is not None


def figure(session: Session, round_id: str) -> Sheet:
    """Return the sheet of a round as its figures stand now."""
    return Sheet(tuple(_bundles(session, round_id)), _round(session, round_id))


def waiting_of(session: Session, round_id: str) -> Waiting:
    """Return what must be done before a sheet can be signed."""
    keying = keying_progress(session, round_id)
    unsettled = (
        select(func.count())
        .select_from(PaperBundle)
        .join(PaperBatch, PaperBatch.id == PaperBundle.batch_id)
        .where(
            PaperBatch.round_id == round_id,
            PaperBatch.state != _VOID,
            PaperBundle.received_by.is_(None),
        )
    )
    return Waiting(
        unsettled=session.scalar(unsettled) or 0,
        unkeyed=keying.again,
        once=keying.once,
        disputed=keying.disputed,
        voids=keying.correcting,
        foreign=keying.foreign_once,
        conflicts=_number(
            session, LateConflict.round_id == round_id, LateConflict.answer.is_(None)
        ),
    )


def _bundles(session: Session, round_id: str) -> list[BundleFigures]:
    papers = _papers(session, round_id)
    rows = session.execute(
        select(PaperBundle, PaperBatch.number, Officer.name)
        .join(PaperBatch, PaperBatch.id == PaperBundle.batch_id)
        .outerjoin(Officer, Officer.id == PaperBundle.holder_id)
        .where(PaperBatch.round_id == round_id, PaperBatch.state != _VOID)
        .order_by(PaperBatch.number, PaperBundle.number)
        .execution_options(populate_existing=True)
    )
    return [
        _figures(
            bundle, number, name or "", papers.get((bundle.batch_id, bundle.number), Counter())
        )
        for bundle, number, name in rows
    ]


def _papers(session: Session, round_id: str) -> dict[tuple[str, int], Counter[str]]:
    """Count the papers of each bundle by state; spoiled ones by whether they were handed out before."""
    kinds = PaperBallot.batch_id, PaperBallot.bundle, PaperBallot.state, PaperBallot.reason
    rows = session.execute(
        select(*kinds, func.count()).where(PaperBallot.round_id == round_id).group_by(*kinds)
    )
    found: dict[tuple[str, int], Counter[str]] = {}
    for batch_id, bundle, state, reason, number in rows:
        counted = found.setdefault((batch_id, bundle), Counter())
        counted["exchanged" if reason == "exchanged" else state] += number
    return found


def _figures(
    bundle: PaperBundle, batch: int, holder_name: str, papers: Counter[str]
) -> BundleFigures:
    return BundleFigures(
        batch=batch,
        bundle=bundle.number,
        holder=bundle.holder_id or "",
        holder_name=holder_name,
        count=bundle.count,
        handed=bundle.handed,
        spoiled=papers["spoiled"],
        exchanged=papers["exchanged"],
        returned=papers["returned"],
        entered=papers["entered"],
        invalid=papers["invalid"],
        unused=bundle.unused if bundle.received_by else None,
    )


def _round(session: Session, round_id: str) -> RoundFigures:
    marks = _marks(session, round_id)
    cards = _cards(session, round_id)
    void = (
        PaperBatch.round_id == round_id, PaperBatch.state == _VOID, PaperBatch.ledger_idx.is_not(None),
    )  # fmt: skip
    late = (
        LateConflict.round_id == round_id, LateConflict.medium == "paper",
        LateConflict.used_by != Channel.PAPER_HANDED.value,
    )  # fmt: skip
    left = AssistedSession.round_id == round_id, AssistedSession.marked.is_(True)
    away = Exchange.round_id == round_id, Exchange.before == Channel.PAPER_HANDED.value
    confirmed = (
        PaperVoid.round_id == round_id, PaperVoid.second_by.is_not(None), PaperVoid.slot.is_not(None),
    )  # fmt: skip
    issued = CardBatch.round_id == round_id, CardBatch.kind == "vote"
    foreign = PaperForeign.round_id == round_id, PaperForeign.second_by.is_not(None)
    return RoundFigures(
        paper_marks=marks[Channel.PAPER_HANDED],
        exchanged_away=_number(session, *away),
        foreign=_number(session, *foreign),
        late_papers=_number(session, *late),
        void_papers=_sum(session, PaperBatch.count, *void),
        cards=_sum(session, CardBatch.count, *issued),
        cards_printed=cards["bearer", "printed"] + cards["assigned", "printed"],
        cards_void=cards["bearer", "void"] + cards["assigned", "void"],
        bearer_spent=cards["bearer", "spent"],
        assigned_spent=cards["assigned", "spent"],
        card_handed_marks=marks[Channel.CARD_HANDED],
        card_cast_marks=marks[Channel.CARD_CAST],
        tests=_number(session, DrawnCard.round_id == round_id),
        poster_marks=marks[Channel.POSTER],
        assisted_marks=marks[Channel.ASSISTED],
        assisted_left=_number(session, *left),
        voids=_number(session, *confirmed),
        urn=session.scalar(select(func.count()).where(_URN.c.round_id == round_id)) or 0,
    )


def _marks(session: Session, round_id: str) -> Counter[str]:
    rows = session.execute(
        select(Participation.channel, func.count().label("number"))
        .where(Participation.round_id == round_id)
        .group_by(Participation.channel)
    )
    return Counter({row.channel: row.number for row in rows})


def _cards(session: Session, round_id: str) -> Counter[tuple[str, str]]:
    rows = session.execute(
        select(CardBatch.mode, BallotCard.state, func.count())
        .select_from(BallotCard)
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(BallotCard.round_id == round_id, CardBatch.kind == "vote")
        .group_by(CardBatch.mode, BallotCard.state)
    )
    return Counter({(mode, state): number for mode, state, number in rows})


def _sum(session: Session, column: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
    # PostgreSQL gives a sum as a number with decimals.
    return int(session.scalar(select(func.sum(column)).where(*where)) or 0)


def _number(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0
