"""What the page about drawn papers shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.audits.models import SampledPaper
from voting.paper.models import PaperBallot, PaperBatch
from voting.persistence.paging import one_page


@dataclass(frozen=True)
class SampleState:
    """Where the sample of a round stands; a paper taken back since is neither same nor different."""

    drawn: int
    keyed: int
    same: int
    differ: int

    @property
    def is_compared(self) -> bool:
        """Tell whether the count has compared."""
        return bool(self.same + self.differ)


@dataclass(frozen=True)
class SampleLine:
    """A drawn paper in a list."""

    place: int
    serial: str
    batch: int
    bundle: int
    is_keyed: bool
    same: bool | None
    found: tuple[int, ...] | None


def sample_state(session: Session, round_id: str) -> SampleState:
    """Return where the sample of a round stands; zeros where there is none."""
    row = session.execute(
        select(
            func.count().label("drawn"),
            func.count(SampledPaper.keyed_by).label("keyed"),
            func.count().filter(SampledPaper.same.is_(True)).label("same"),
            func.count().filter(SampledPaper.same.is_(False)).label("differ"),
        ).where(SampledPaper.round_id == round_id)
    ).one()
    return SampleState(row.drawn, row.keyed, row.same, row.differ)


def sample_of(
    session: Session, round_id: str, *, page: int | None = None
) -> tuple[Sequence[SampleLine], int]:
    """Return one page of the drawn papers in the order of the draw, or all, and the number of pages."""
    query = (
        select(SampledPaper, PaperBallot.bundle, PaperBatch.number)
        .join(
            PaperBallot,
            (PaperBallot.round_id == SampledPaper.round_id)
            & (PaperBallot.serial == SampledPaper.serial),
        )
        .join(PaperBatch, PaperBatch.id == PaperBallot.batch_id)
        .where(SampledPaper.round_id == round_id)
        .order_by(SampledPaper.place)
    )
    if page is None:
        return [_line(row) for row in session.execute(query)], 1
    rows, pages, *_ = one_page(session, query, page)
    return [_line(row) for row in rows], pages


def _line(row: Any) -> SampleLine:
    one: SampledPaper = row.SampledPaper
    return SampleLine(
        place=one.place,
        serial=one.serial,
        batch=row.number,
        bundle=row.bundle,
        is_keyed=one.keyed_by is not None,
        same=one.same,
        found=tuple(json.loads(one.found)) if one.found and one.found != "null" else None,
    )
