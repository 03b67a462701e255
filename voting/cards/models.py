"""Batches of ballot cards, the cards themselves, and those drawn as a test."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id


class CardState(StrEnum):
    """A card's life: printed, then spent or void, one direction."""

    PRINTED = "printed"
    SPENT = "spent"
    VOID = "void"


class CardBatch(Base):
    """Cards that were made in one go.

    ``holder_id`` is the officer who keeps the unissued cards. ``replaces_id`` and ``replaces_from`` say
    that this batch prints anew what followed the last good sheet of another.
    """

    __tablename__ = "card_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("mode IN ('bearer', 'assigned')", name="mode"),
        CheckConstraint("kind IN ('vote', 'survey')", name="kind"),
        CheckConstraint("state IN ('making', 'ready', 'printed', 'void')", name="state"),
        CheckConstraint("count >= 1 AND per_sheet >= 1", name="count"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(default="bearer")
    kind: Mapped[str] = mapped_column(default="vote")
    count: Mapped[int]
    per_sheet: Mapped[int] = mapped_column(default=6)
    state: Mapped[str] = mapped_column(default="making")
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    printed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("card_batch.id"))
    replaces_from: Mapped[int | None]
    ledger_idx: Mapped[int | None]

    @property
    def sheets(self) -> int:
        """How many sheets the batch fills."""
        return -(-self.count // self.per_sheet)


class BallotCard(Base):
    """One card: hashes of what is printed on it, its place on the sheets, its state.

    ``cred_hash`` is SHA-256 of the 128-bit token in the QR code; ``short_hash`` and ``check_hmac`` are
    keyed, because what they hide is shorter. No time of spending is kept, and ``elector_id`` (assigned
    cards only) is cut in the transaction that spends the card.
    """

    __tablename__ = "ballot_card"
    __table_args__ = (
        UniqueConstraint("round_id", "short_hash"),
        UniqueConstraint("batch_id", "sheet", "place"),
        CheckConstraint("state IN ('printed', 'spent', 'void')", name="state"),
        CheckConstraint("fails BETWEEN 0 AND 5", name="fails"),
        CheckConstraint("elector_id IS NULL OR state <> 'spent'", name="link_cut"),
        Index("ix_ballot_card_cred_hash", "cred_hash"),
        Index("ix_ballot_card_short_hash", "short_hash"),
        # One live assigned card a person.
        Index(
            "uq_ballot_card_live_elector",
            "round_id",
            "elector_id",
            unique=True,
            sqlite_where=text("elector_id IS NOT NULL AND state = 'printed'"),
            postgresql_where=text("elector_id IS NOT NULL AND state = 'printed'"),
        ),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    cred_hash: Mapped[bytes] = mapped_column(primary_key=True)
    short_hash: Mapped[bytes]
    check_hmac: Mapped[bytes | None]
    batch_id: Mapped[str] = mapped_column(ForeignKey("card_batch.id"))
    sheet: Mapped[int]
    place: Mapped[int]
    state: Mapped[str] = mapped_column(default=CardState.PRINTED.value)
    fails: Mapped[int] = mapped_column(default=0)
    elector_id: Mapped[str | None]
    void_reason: Mapped[str | None]


class CardDraw(Base):
    """Cards that a monitor drew to be voted with as a test (暗访卡); a draw is never taken back.

    ``way`` is ``system`` where the machine chose the cards, ``hand`` where the monitor took them from the
    box.
    """

    __tablename__ = "test_draw"
    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 200", name="count"),
        CheckConstraint("way IN ('system', 'hand')", name="way"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    monitor_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    way: Mapped[str]
    count: Mapped[int]


class DrawnCard(Base):
    """A test card: its number on the sheet, and what the monitor who voted with it has written down.

    ``slot`` and ``choices`` (JSON, sorted ballot numbers) are typed after voting has ended and stand fast
    once the round's ``CardReveal`` is there; ``found`` is the text that lay under the slot, known at
    the count. At most 200 in a round: the key of the numbers says so.
    """

    __tablename__ = "test_card"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "cred_hash"], ["ballot_card.round_id", "ballot_card.cred_hash"]
        ),
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("round_id", "slot"),
        CheckConstraint("number BETWEEN 1 AND 200", name="number"),
        CheckConstraint("(slot IS NULL) = (choices IS NULL)", name="written"),
        CheckConstraint("found IS NULL OR slot IS NOT NULL", name="found"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    cred_hash: Mapped[bytes] = mapped_column(primary_key=True)
    draw_id: Mapped[str] = mapped_column(ForeignKey("test_draw.id"), index=True)
    number: Mapped[int]
    slot: Mapped[bytes | None]
    choices: Mapped[str | None]
    found: Mapped[str | None]


class CardReveal(Base):
    """That the test cards of a round were revealed: once, and before a second officer opens the urn."""

    __tablename__ = "test_reveal"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    monitor_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    drawn: Mapped[int]
    revealed: Mapped[int]
    voided: Mapped[int]
