"""The roll and the register of rights used."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id


class Basis(StrEnum):
    """Why a person may vote here."""

    LIVE = "live"
    WORK = "work"
    STUDY = "study"


BASIS_NAMES = {Basis.LIVE: "居住", Basis.WORK: "工作", Basis.STUDY: "学习"}


class Channel(StrEnum):
    """How a right was used; whichever is first wins."""

    CARD_HANDED = "card_handed"
    CARD_CAST = "card_cast"
    POSTER = "poster"
    PAPER_HANDED = "paper_handed"
    ASSISTED = "assisted"


class Elector(Base):
    """A person on the roll of one round: keyed hashes and masked forms, never the number itself.

    ``id_key`` is HMAC-SHA256 under the round's pepper, which lies outside the database. A struck person
    stays as a row, with the reason, and has no right.
    """

    __tablename__ = "elector"
    __table_args__ = (
        UniqueConstraint("round_id", "id_key"),
        CheckConstraint("basis IN ('live', 'work', 'study')", name="basis"),
        Index("ix_elector_round_id_building", "round_id", "building"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    elector_id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    id_key: Mapped[bytes | None]
    name_key: Mapped[bytes]
    name_masked: Mapped[str]
    id_kind: Mapped[str]
    id_masked: Mapped[str]
    basis: Mapped[str]
    building: Mapped[str]
    room_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    age_band: Mapped[str | None]
    added_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str | None]


class Participation(Base):
    """That a right was used, by which channel, on which day. Nothing else, ever."""

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        CheckConstraint(
            "channel IN ('card_handed', 'card_cast', 'poster', 'paper_handed', 'assisted')",
            name="channel",
        ),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    elector_id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    day: Mapped[date]


class RollImport(Base):
    """One file that was read into the roll, and what became of its rows."""

    __tablename__ = "roll_import"
    __table_args__ = (STRICT,)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    file_name: Mapped[str]
    accepted: Mapped[int]
    duplicates: Mapped[int]
    rejected: Mapped[int]
    report: Mapped[str]
