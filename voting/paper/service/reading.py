"""What an officer sees of batches and bundles: figures, holders, what lies in whose hands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, and_, func, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.errors import NotFound
from voting.paper.models import PaperBallot, PaperBatch, PaperBundle, PaperState
from voting.permissions import Permission
from voting.persistence.paging import one_page
from voting.roll.service import roll_counts
from voting.rounds.models import Round

SPOILED_BEFORE = ("misprint", "damaged")
"""Why a paper was spoiled before anybody got it."""
_PAPER = cast("Table", PaperBallot.__table__)
_BUNDLE = cast("Table", PaperBundle.__table__)


@dataclass(frozen=True)
class BatchLine:
    """A batch in a list, with the sums over its bundles."""

    batch: PaperBatch
    bundles: int
    charged: int
    handed: int
    spoiled: int


@dataclass(frozen=True)
class BundleLine:
    """A bundle: who holds it, and how many papers of it may still be handed out."""

    batch: int
    batch_id: str
    number: int
    count: int
    holder_id: str | None
    holder: str | None
    handed: int
    spoiled: int
    counted: bool

    @property
    def left(self) -> int:
        """How many papers the holder should still have."""
        return 0 if self.counted else self.count - self.handed - self.spoiled


@dataclass(frozen=True)
class PaperSupply:
    """Papers that may still be used or were, against the roll; ``spare`` is what the rule of thumb adds."""

    listed: int
    live: int

    @property
    def spare(self) -> int:
        """One of twenty, rounded up, for spoilage."""
        return -(-self.listed // 20)


def get_batch(session: Session, batch_id: str, *, round_id: str | None = None) -> PaperBatch:
    """Return a batch (of this round); raise NotFound."""
    # PostgreSQL answers NUL in a text with an error, and an id has only letters and digits.
    batch = session.get(PaperBatch, batch_id) if batch_id.isalnum() else None
    if batch is None or (round_id is not None and batch.round_id != round_id):
        raise NotFound
    return batch


def supply(session: Session, round_id: str) -> PaperSupply:
    """Return how many papers are not spoiled, and how many people are on the roll."""
    live = select(func.count()).where(
        _PAPER.c.round_id == round_id, _PAPER.c.state != PaperState.SPOILED.value
    )
    listed = roll_counts(session, round_id).listed
    return PaperSupply(listed=listed, live=session.scalar(live) or 0)


def batches_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[BatchLine], int]:
    """Return one page of a round's batches, newest first, and the number of pages."""
    mine = PaperBatch.round_id == round_id
    query = select(PaperBatch).where(mine).order_by(PaperBatch.number.desc())
    rows, pages, *_ = one_page(session, query, page)
    batches = [row.PaperBatch for row in rows]
    sums = _sums(session, round_id, [batch.id for batch in batches])
    return [sums(batch) for batch in batches], pages


def line_of(session: Session, batch: PaperBatch) -> BatchLine:
    """Return a batch with its sums."""
    return _sums(session, batch.round_id, [batch.id])(batch)


def _sums(session: Session, round_id: str, ids: Sequence[str]) -> Callable[[PaperBatch], BatchLine]:
    bundles = {
        row.batch_id: row
        for row in session.execute(
            select(
                _BUNDLE.c.batch_id, func.count().label("bundles"),
                func.count(_BUNDLE.c.holder_id).label("charged"),
                func.sum(_BUNDLE.c.handed).label("handed"),
            )
            .where(_BUNDLE.c.batch_id.in_(ids))
            .group_by(_BUNDLE.c.batch_id)
        )
    }  # fmt: skip
    spoiled: dict[str, int] = dict(
        session.execute(
            select(_PAPER.c.batch_id, func.count())
            .where(
                _PAPER.c.round_id == round_id, _PAPER.c.batch_id.in_(ids),
                _PAPER.c.state == PaperState.SPOILED.value,
            )
            .group_by(_PAPER.c.batch_id)
        ).all()
    )  # fmt: skip

    def line(batch: PaperBatch) -> BatchLine:
        row = bundles[batch.id]
        return BatchLine(batch, row.bundles, row.charged, int(row.handed), spoiled.get(batch.id, 0))

    return line


def bundles_of(session: Session, batch: PaperBatch) -> Sequence[BundleLine]:
    """Return the bundles of a batch in order; at most four hundred of fifty papers each."""
    return list(_bundle_lines(session, PaperBatch.id == batch.id))


def bundles_held(session: Session, round_id: str, officer_id: str) -> Sequence[BundleLine]:
    """Return the bundles of a round with which an officer is charged."""
    mine = and_(PaperBatch.round_id == round_id, _BUNDLE.c.holder_id == officer_id)
    return list(_bundle_lines(session, mine))


def bundles_in_hand(session: Session, officer_id: str) -> Sequence[BundleLine]:
    """Return the bundles of all rounds that an officer holds and nobody has counted."""
    mine = and_(_BUNDLE.c.holder_id == officer_id, _BUNDLE.c.unused.is_(None))
    return list(_bundle_lines(session, mine))


def papers_left(session: Session, round_id: str, officer_id: str) -> int:
    """Return how many papers an officer may still hand out."""
    return sum(line.left for line in bundles_held(session, round_id, officer_id))


def holders_of(session: Session, round_id: str) -> Sequence[tuple[str, str]]:
    """Return id and name of the officers who are charged with bundles of a round."""
    query = (
        select(Officer.id, Officer.name)
        .join(PaperBundle, PaperBundle.holder_id == Officer.id)
        .join(PaperBatch, PaperBatch.id == PaperBundle.batch_id)
        .where(PaperBatch.round_id == round_id)
        .distinct()
        .order_by(Officer.name, Officer.id)
    )
    return list(session.execute(query))


def possible_holders(session: Session, round: Round) -> Sequence[Officer]:
    """Return the officers who may be charged with papers of a round: active, and hand out here."""
    query = select(Officer).where(Officer.retired_at.is_(None)).order_by(Officer.name)
    return [officer for officer in session.scalars(query) if may_hold(officer, round)]


def may_hold(officer: Officer, round: Round) -> bool:
    """Tell whether an officer may be charged with papers of a round."""
    return officer.is_active and officer.may(Permission.CARD_HAND_OUT, round.area)


def spoiled_in_bundle() -> ScalarSelect[int]:
    """Return how many papers of the bundle of the outer statement were spoiled before anybody got them."""
    return _spoiled_for(*SPOILED_BEFORE)


def exchanged_in_bundle() -> ScalarSelect[int]:
    """Return how many papers of the bundle of the outer statement were brought back and exchanged."""
    return _spoiled_for("exchanged")


def _spoiled_for(*reasons: str) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(_PAPER)
        .where(
            _PAPER.c.batch_id == _BUNDLE.c.batch_id, _PAPER.c.bundle == _BUNDLE.c.number,
            _PAPER.c.state == PaperState.SPOILED.value, _PAPER.c.reason.in_(reasons),
        )
        .correlate(_BUNDLE)
        .scalar_subquery()
    )  # fmt: skip


def _bundle_lines(session: Session, which: ColumnElement[bool]) -> Iterator[BundleLine]:
    for row in session.execute(_bundle_query(which)):
        yield BundleLine(
            batch=row.batch, batch_id=row.batch_id, number=row.number, count=row.size,
            holder_id=row.holder_id, holder=row.holder, handed=row.handed, spoiled=row.spoiled,
            counted=row.unused is not None,
        )  # fmt: skip


def _bundle_query(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PaperBatch.number.label("batch"), _BUNDLE.c.batch_id, _BUNDLE.c.number,
            _BUNDLE.c.count.label("size"), _BUNDLE.c.holder_id, Officer.name.label("holder"),
            _BUNDLE.c.handed, _BUNDLE.c.unused,
            spoiled_in_bundle().label("spoiled"),
        )
        .select_from(_BUNDLE)
        .join(PaperBatch, PaperBatch.id == _BUNDLE.c.batch_id)
        .outerjoin(Officer, Officer.id == _BUNDLE.c.holder_id)
        .where(which)
        .order_by(PaperBatch.number, _BUNDLE.c.number)
    )  # fmt: skip
