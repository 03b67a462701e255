"""The ledger, its entries, and the heads that were signed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id

MOST_WITNESSES = 20


class Ledger(Base):
    """The ledger of one round: what it is called, and the key that signs it (public half, 32 bytes).

    Whoever appends holds this row: one writer at a time.
    """

    __tablename__ = "ledger"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    origin: Mapped[str]
    public_key: Mapped[bytes]
    begun_at: Mapped[datetime]


class LedgerEntry(Base):
    """One entry; triggers abort every UPDATE and DELETE.

    ``source`` names the row an entry was made of (``step:…``, ``batch:…``), ``slot`` the ballot: both stand
    once, so that nothing is pulled twice. ``leaf`` is the hash of the body (RFC 9162).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("idx >= 0", name="idx"),
        CheckConstraint("(kind = 'ballot') = (slot IS NOT NULL)", name="slot"),
        UniqueConstraint("round_id", "source"),
        Index(
            "uq_ledger_entry_round_id_slot",
            "round_id",
            "slot",
            unique=True,
            sqlite_where=text("slot IS NOT NULL"),
            postgresql_where=text("slot IS NOT NULL"),
        ),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("ledger.round_id"), primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    body: Mapped[str]
    leaf: Mapped[bytes]
    source: Mapped[str | None]
    slot: Mapped[bytes | None]


class LedgerNote(Base):
    """What a later stage wants in the ledger (a count, a draw, the end of a key); pulled like all else."""

    __tablename__ = "ledger_note"
    __table_args__ = (STRICT,)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    body: Mapped[str]


class Checkpoint(Base):
    """A signed head: how many entries, their root (32 bytes), and the note as it was signed."""

    __tablename__ = "checkpoint"
    __table_args__ = (CheckConstraint("size >= 1", name="size"), SECRET)

    round_id: Mapped[str] = mapped_column(ForeignKey("ledger.round_id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    root: Mapped[bytes]
    note: Mapped[str]


class Witness(Base):
    """An address to which every new checkpoint of a round is sent.

    ``place`` counts from 1 and keeps them few; ``sent_size`` is the newest checkpoint that was taken from us.
    """

    __tablename__ = "witness"
    __table_args__ = (
        UniqueConstraint("round_id", "address"),
        UniqueConstraint("round_id", "place"),
        CheckConstraint(f"place BETWEEN 1 AND {MOST_WITNESSES}", name="place"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    place: Mapped[int]
    address: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    sent_size: Mapped[int | None]
    sent_at: Mapped[datetime | None]
