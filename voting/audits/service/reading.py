"""What the pages about spot checks show: where test cards and call-backs stand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from voting.audits.models import CallDraw
from voting.audits.rules import Answers, Compared
from voting.audits.service.answering import answers_of
from voting.audits.service.calling import find_calls
from voting.audits.service.comparing import Difference, compared, differences
from voting.audits.service.revealing import find_reveal, is_opened
from voting.ballots.rules import receipt_code
from voting.cards.models import BallotCard, CardBatch, CardDraw, CardReveal, DrawnCard
from voting.cards.rules import serial
from voting.errors import NotFound
from voting.ledger.models import LedgerNote

PER_PAGE = 50


@dataclass(frozen=True)
class CardLine:
    """A test card in a list: its number on the sheet, its serial, whether it was used and written down."""

    number: int
    serial: str
    state: str
    is_written: bool


@dataclass(frozen=True)
class Written:
    """What a monitor wrote down: the receipt's 16 characters and ballot numbers."""

    code: str
    choices: tuple[int, ...]


@dataclass(frozen=True)
class CardsState:
    """Where the test cards of a round stand. ``compared`` and ``differences`` are known after the count."""

    draws: Sequence[CardDraw] = ()
    drawn: int = 0
    written: int = 0
    reveal: CardReveal | None = None
    is_opened: bool = False
    compared: Compared | None = None
    differences: Sequence[Difference] = field(default=())


@dataclass(frozen=True)
class CallsState:
    """Where the call-backs of a round stand."""

    draw: CallDraw | None
    answers: Answers

    @property
    def estimate(self) -> int:
        """How many of all marked people the share of denials stands for."""
        return self.answers.estimate(self.draw.marked) if self.draw else 0


def cards_state(session: Session, round_id: str) -> CardsState:
    """Return where the test cards of a round stand."""
    draws = session.scalars(
        select(CardDraw).where(CardDraw.round_id == round_id).order_by(CardDraw.at, CardDraw.id)
    ).all()
    written = select(func.count()).where(
        DrawnCard.round_id == round_id, DrawnCard.slot.is_not(None)
    )
    counted = _is_counted(session, round_id)
    return CardsState(
        draws=draws,
        drawn=sum(draw.count for draw in draws),
        written=session.scalar(written) or 0,
        reveal=find_reveal(session, round_id),
        is_opened=is_opened(session, round_id),
        compared=compared(session, round_id) if counted else None,
        differences=differences(session, round_id) if counted else (),
    )


def calls_state(session: Session, round_id: str) -> CallsState:
    """Return where the call-backs of a round stand."""
    return CallsState(find_calls(session, round_id), answers_of(session, round_id))


def cards_of(
    session: Session, round_id: str, *, page: int | None = 1
) -> tuple[list[CardLine], int]:
    """Return a page of the test cards by number (all of them without a page), and the number of pages."""
    query = _lines(round_id)
    pages = 1
    if page is not None:
        total = session.scalar(select(func.count()).where(DrawnCard.round_id == round_id))
        pages = max(-(-(total or 0) // PER_PAGE), 1)
        query = query.offset((min(max(page, 1), pages) - 1) * PER_PAGE).limit(PER_PAGE)
    return [_line(row) for row in session.execute(query)], pages


def get_card(session: Session, round_id: str, number: int) -> CardLine:
    """Return one test card; raise NotFound."""
    row = session.execute(_lines(round_id).where(DrawnCard.number == number)).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def written_of(session: Session, round_id: str, number: int) -> Written | None:
    """Return what was written down of a test card, or None while nothing was."""
    mine = select(DrawnCard.slot, DrawnCard.choices).where(
        DrawnCard.round_id == round_id, DrawnCard.number == number, DrawnCard.slot.is_not(None)
    )
    row = session.execute(mine).one_or_none()
    if row is None:
        return None
    return Written(receipt_code(row.slot), tuple(json.loads(row.choices)))


def next_unwritten(session: Session, round_id: str) -> int | None:
    """Return the number of the first used test card of which nothing was written down, or None."""
    query = _lines(round_id).where(DrawnCard.slot.is_(None), BallotCard.state == "spent").limit(1)
    row = session.execute(query).one_or_none()
    return row.DrawnCard.number if row else None


def _lines(round_id: str) -> Select[DrawnCard, int, int, int, str]:
    return (
        select(DrawnCard, CardBatch.number, BallotCard.sheet, BallotCard.place, BallotCard.state)
        .join(
            BallotCard,
            (BallotCard.round_id == DrawnCard.round_id)
            & (BallotCard.cred_hash == DrawnCard.cred_hash),
        )
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(DrawnCard.round_id == round_id)
        .order_by(DrawnCard.number)
    )


def _line(row: Row[DrawnCard, int, int, int, str]) -> CardLine:
    return CardLine(
        number=row.DrawnCard.number,
        serial=serial(row.number, row.sheet, row.place),
        state=row.state,
        is_written=row.DrawnCard.slot is not None,
    )


def _is_counted(session: Session, round_id: str) -> bool:
    """Tell whether the urn has been counted, by what the count has noted for the ledger."""
    noted = select(LedgerNote.id).where(LedgerNote.round_id == round_id, LedgerNote.kind == "tally")
    return session.scalar(noted.limit(1)) is not None
