"""Batches of ballot cards, and the cards themselves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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
