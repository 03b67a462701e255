"""The roll and the register of rights used."""

from datetime import date, datetime
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


CHANNEL_NAMES = {
    Channel.CARD_HANDED: "领了投票卡",
    Channel.CARD_CAST: "记名卡投票",
    Channel.POSTER: "海报码投票",
    Channel.PAPER_HANDED: "领了纸质票",
    Channel.ASSISTED: "协助投票",
}


class Elector(Base):
    """A person on the roll of one round: keyed hashes and masked forms, never the number itself.

    ``id_key`` is HMAC-SHA256 under the round's pepper, which lies outside the database. A struck person
    stays as a row, with the reason, and has no right. Who has no number that can be checked is listed after
    a worker has confirmed the person: ``confirmed_by`` then names the worker, ``id_key`` is empty, and
    ``person_key``, a keyed hash of name and room, keeps the person from being listed twice.
    """

    __tablename__ = "elector"
    __table_args__ = (
        UniqueConstraint("round_id", "id_key"),
        UniqueConstraint("round_id", "person_key"),
        CheckConstraint("(id_key IS NULL) = (person_key IS NOT NULL)", name="known"),
        CheckConstraint("(id_key IS NULL) = (confirmed_by IS NOT NULL)", name="confirmed"),
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
    person_key: Mapped[bytes | None]
    confirmed_by: Mapped[str | None]
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


class RollUpload(Base):
    """A file on its way into the roll: kept encrypted outside the database until its columns are named.

    ``columns`` is a JSON object from the template's columns to places in the sheet, counted from 0, once
    they are named; ``header_row`` is the row of the header as the spreadsheet counts. The file is deleted
    when it was read, or an hour after it came.
    """

    __tablename__ = "roll_upload"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'reading', 'read', 'refused', 'gone')", name="state"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    file_name: Mapped[str]
    rows: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    header_row: Mapped[int | None]
    columns: Mapped[str | None]
    # a message id, when the sheet as a whole could not be read
    refusal: Mapped[str] = mapped_column(default="")
    import_id: Mapped[str | None] = mapped_column(ForeignKey("roll_import.id"))


class RollApplication(Base):
    """A resident who is not on the roll and asks to be: what they typed is sealed and goes when decided.

    ``code_hash`` is a keyed hash of the code with which the resident looks up what became of it.
    ``claim_key``, a keyed hash of the number, lets one application of a person wait; it goes with ``sealed``.
    ``answer`` is the code of the paper that was shown, or of the reason, and ``words`` what the worker adds.
    """

    __tablename__ = "roll_application"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        UniqueConstraint("round_id", "claim_key"),
        CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name="state"),
        CheckConstraint("basis IN ('live', 'work', 'study')", name="basis"),
        CheckConstraint("(state = 'waiting') = (sealed IS NOT NULL)", name="sealed"),
        CheckConstraint("(sealed IS NULL) = (claim_key IS NULL)", name="claim"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="decided"),
        Index("ix_roll_application_round_id_state", "round_id", "state"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    code_hash: Mapped[bytes]
    name_masked: Mapped[str]
    basis: Mapped[str]
    building: Mapped[str]
    sealed: Mapped[bytes | None]
    claim_key: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(default="waiting")
    applied_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")


class RollChange(Base):
    """A change of a frozen roll: asked by one officer, confirmed by another, and then a leaf of the ledger.

    ``sealed`` holds what is to be set down (an entry, or a corrected place) until it is decided. ``count``
    and ``digest`` are those of the roll after the change (docs/2_rules/frozen_rules.md, "The roll").
    ``place_before`` is the sealed place that a change took away: printed registers go on sorting by it. Of
    one person one change waits at a time. ``second_at`` differs for every change of a round.
    """

    __tablename__ = "roll_change"
    __table_args__ = (
        CheckConstraint("act IN ('add', 'strike', 'restore', 'correct')", name="act"),
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("second_by <> first_by", name="two"),
        CheckConstraint("(state = 'waiting') = (second_by IS NULL)", name="second"),
        CheckConstraint("(state = 'done') = (digest IS NOT NULL)", name="digest"),
        CheckConstraint("(digest IS NULL) = (count IS NULL)", name="count"),
        CheckConstraint("(state = 'waiting') OR sealed IS NULL", name="sealed"),
        UniqueConstraint("round_id", "second_at"),
        Index("ix_roll_change_round_id_state", "round_id", "state"),
        Index(
            "uq_roll_change_waiting",
            "round_id",
            "elector_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    act: Mapped[str]
    elector_id: Mapped[str]
    application_id: Mapped[str | None] = mapped_column(ForeignKey("roll_application.id"))
    name_masked: Mapped[str]
    reason: Mapped[str]
    sealed: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(default="waiting")
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]
    count: Mapped[int | None]
    digest: Mapped[bytes | None]
    place_before: Mapped[bytes | None]


class TurnoutCell(Base):
    """How many of a part of the roll took part, stored at the declaration: the roll itself is deleted later.

    ``kind`` is ``age`` or ``building``, ``name`` the bands or buildings as they are shown. A part of which
    fewer than ten took part, or fewer than ten did not, is never stored (docs/2_rules/comparing.md).
    """

    __tablename__ = "turnout_cell"
    __table_args__ = (
        CheckConstraint("kind IN ('age', 'building')", name="kind"),
        CheckConstraint("marked >= 10 AND listed - marked >= 10", name="shown"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    listed: Mapped[int]
    marked: Mapped[int]
