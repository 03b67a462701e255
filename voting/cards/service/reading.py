"""What an officer sees of batches and cards: counts, holders, and a card found by what is in one's hand."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, case, func, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.cards.models import BallotCard, CardBatch, CardState
from voting.cards.rules import MOST_FAILS, credential_hash, read_short_code, read_token, serial
from voting.cards.service.noting import note
from voting.cards.service.spending import short_code_hash
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.permissions import Permission
from voting.roll.service import roll_counts
from voting.rounds.models import Round

PER_PAGE = 50
SPARE_PERCENT = 5
_CARD = cast("Table", BallotCard.__table__)
_SERIAL = re.compile(r"(\d{1,6})-(\d{1,6})-(\d{1,2})\Z")
_ADDRESS = re.compile(r".*/c/([a-z2-7]+)/?\Z", re.IGNORECASE | re.DOTALL)


class CardUnknown(Refusal):
    """Nothing in this round has this number or code."""

    msgid = "没有找到这张卡。请核对存根上的编号（像 03-0012-4），并看看是不是这一轮的卡。"
    status = 422
    field = "card"


class HolderUnfit(Refusal):
    """The officer has retired or does not work for this round's area."""

    msgid = "请选一位在职的、管得到这个区域的工作人员。"
    status = 422
    field = "holder"


@dataclass(frozen=True)
class Card:
    """One card as its batch knows it."""

    round_id: str
    cred_hash: bytes
    batch_id: str
    serial: str
    state: str
    locked: bool


@dataclass(frozen=True)
class Counts:
    """Where the cards of a batch are. Printed = spent + void + unused (integrity.md §3.3, I3)."""

    printed: int
    spent: int
    void: int

    @property
    def unused(self) -> int:
        """Cards with which somebody still can vote."""
        return self.printed - self.spent - self.void


@dataclass(frozen=True)
class BatchLine:
    """A batch in a list."""

    batch: CardBatch
    holder: str | None
    counts: Counts


@dataclass(frozen=True)
class Supply:
    """Live cards against the roll; ``spare`` is what may be printed beyond it without a question."""

    listed: int
    live: int

    @property
    def spare(self) -> int:
        """Five of a hundred, rounded up: spoilage (defaults.md)."""
        return -(-self.listed * SPARE_PERCENT // 100)

    def excess(self, count: int) -> int:
        """Return by how many cards ``count`` more would go beyond roll and spare."""
        return max(self.live + count - self.listed - self.spare, 0)


def get_batch(session: Session, batch_id: str, *, round_id: str | None = None) -> CardBatch:
    """Return a batch (of this round); raise NotFound."""
    # PostgreSQL answers NUL in a text with an error, and an id has only letters and digits.
    batch = session.get(CardBatch, batch_id) if batch_id.isalnum() else None
    if batch is None or (round_id is not None and batch.round_id != round_id):
        raise NotFound
    return batch


def find_batch(session: Session, batch_id: str | None) -> CardBatch | None:
    """Return a batch if there is one."""
    return session.get(CardBatch, batch_id) if batch_id else None


def find_replacement(session: Session, batch_id: str) -> CardBatch | None:
    """Return the batch that printed anew what the printer spoiled of this one."""
    query = select(CardBatch).where(
        CardBatch.replaces_id == batch_id, CardBatch.replaces_from.is_not(None)
    )
    return session.scalars(query).one_or_none()


def holder_name(session: Session, batch: CardBatch) -> str | None:
    """Return the name of the officer who keeps a batch."""
    officer = session.get(Officer, batch.holder_id) if batch.holder_id else None
    return officer.name if officer else None


def counts_of(session: Session, batch_id: str) -> Counts:
    """Return where the cards of one batch are."""
    query = select(*_count_columns()).where(_CARD.c.batch_id == batch_id)
    row = session.execute(query).one()
    return Counts(printed=row.printed, spent=row.spent, void=row.void)


def batches_of(
    session: Session, round_id: str, *, page: int = 1, single: bool = False
) -> tuple[Sequence[BatchLine], int]:
    """Return one page of a round's batches, newest first, and the number of pages.

    ``single`` lists the one-card batches that replaced lost cards, which would bury the others.
    """
    mine = CardBatch.round_id == round_id
    kind = _is_single() if single else ~_is_single()
    total = session.execute(select(func.count()).where(mine, kind)).scalar_one()
    pages = max(-(-total // PER_PAGE), 1)
    query = _lines().where(mine, kind).order_by(CardBatch.number.desc())
    # A page number of any length may stand in an address; an offset must fit the database.
    rows = session.execute(query.offset((min(page, pages) - 1) * PER_PAGE).limit(PER_PAGE))
    return [_line(row) for row in rows], pages


def batches_held_by(session: Session, officer_id: str) -> Sequence[BatchLine]:
    """Return the batches an officer keeps that still hold usable cards."""
    query = _lines().where(CardBatch.holder_id == officer_id, CardBatch.state != "void")
    lines = [_line(row) for row in session.execute(query.order_by(CardBatch.made_at))]
    return [line for line in lines if line.counts.unused]


def supply(session: Session, round_id: str) -> Supply:
    """Return how many cards are live (usable or used), and how many people are on the roll."""
    live = select(func.count()).where(
        _CARD.c.round_id == round_id, _CARD.c.state != CardState.VOID.value
    )
    listed = roll_counts(session, round_id).listed
    return Supply(listed=listed, live=session.execute(live).scalar_one())


def charge_batch(
    session: Session, *, now: datetime, actor: Actor, batch_id: str, officer_id: str
) -> None:
    """Charge another officer with keeping the cards of a batch."""
    batch = get_batch(session, batch_id)
    round = session.get_one(Round, batch.round_id)
    officer = session.get(Officer, officer_id) if officer_id.isalnum() else None
    if officer is None or not _may_hold(officer, round):
        raise HolderUnfit
    batch.holder_id = officer.id
    note(session, actor, "cards.charge", now=now, batch=batch, holder=officer.id)


def possible_holders(session: Session, round: Round) -> Sequence[Officer]:
    """Return the officers who may keep cards of a round: active, and handing out is their work here."""
    query = select(Officer).where(Officer.retired_at.is_(None)).order_by(Officer.name)
    return [officer for officer in session.scalars(query) if _may_hold(officer, round)]


def _may_hold(officer: Officer, round: Round) -> bool:
    return officer.is_active and officer.may(Permission.CARD_HAND_OUT, round.area)


def find_by_serial(session: Session, round_id: str, text: str) -> Card:
    """Return the card whose stub carries this number; raise CardUnknown."""
    found = _SERIAL.match(_plain(text))
    if not found:
        raise CardUnknown
    number, sheet, place = (int(part) for part in found.groups())
    return _find(
        session,
        round_id,
        (CardBatch.number == number) & (_CARD.c.sheet == sheet) & (_CARD.c.place == place),
    )


def find_in_hand(session: Session, round_id: str, text: str, *, card_key: bytes) -> Card:
    """Return the card a person has scanned, typed, or whose stub they read; raise CardUnknown."""
    plain = _plain(text)
    if _SERIAL.match(plain):
        return find_by_serial(session, round_id, plain)
    address = _ADDRESS.match(plain)
    token = read_token(address.group(1) if address else plain)
    if token:
        return _find(session, round_id, _CARD.c.cred_hash == credential_hash(token))
    code = read_short_code(plain)
    if code:
        return _find(session, round_id, _CARD.c.short_hash == short_code_hash(card_key, code))
    raise CardUnknown


def _find(session: Session, round_id: str, condition: ColumnElement[bool]) -> Card:
    row = session.execute(
        select(_CARD, CardBatch.number)
        .join(CardBatch, CardBatch.id == _CARD.c.batch_id)
        .where(_CARD.c.round_id == round_id, condition)
    ).one_or_none()
    if row is None:
        raise CardUnknown
    return Card(
        round_id=row.round_id,
        cred_hash=row.cred_hash,
        batch_id=row.batch_id,
        serial=serial(row.number, row.sheet, row.place),
        state=row.state,
        locked=row.fails >= MOST_FAILS,
    )


def _plain(text: str) -> str:
    """Forgive what a Chinese keyboard does: full-width digits, long dashes, spaces."""
    half_width = unicodedata.normalize("NFKC", text[:300])
    return re.sub(r"[‐-―−ー—]", "-", re.sub(r"\s", "", half_width))


def _is_single() -> ColumnElement[bool]:
    return CardBatch.replaces_id.is_not(None) & CardBatch.replaces_from.is_(None)


def _count_columns() -> tuple[ColumnElement[int], ...]:
    def of(state: CardState) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((_CARD.c.state == state.value, 1), else_=0)), 0)

    return (
        func.count(_CARD.c.batch_id).label("printed"),
        of(CardState.SPENT).label("spent"),
        of(CardState.VOID).label("void"),
    )


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(CardBatch, Officer.name, *_count_columns())
        .outerjoin(_CARD, _CARD.c.batch_id == CardBatch.id)
        .outerjoin(Officer, Officer.id == CardBatch.holder_id)
        .group_by(CardBatch.id, Officer.name)
    )


def _line(row: Any) -> BatchLine:
    counts = Counts(printed=row.printed, spent=row.spent, void=row.void)
    return BatchLine(batch=row.CardBatch, holder=row.name, counts=counts)
