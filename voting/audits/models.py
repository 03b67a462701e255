"""People drawn for a call-back, and what they said; papers drawn to be held against the urn."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id


class CallDraw(Base):
    """The draw of a round, one and no more: from which numbers it follows, how many of how many.

    ``root`` (32 bytes) and ``size`` are those of the first checkpoint after voting ended, ``public_number``
    the digits announced beforehand and ``source`` where they come from; ``seed`` follows from both.
    """

    __tablename__ = "call_draw"
    __table_args__ = (
        CheckConstraint("drawn BETWEEN 1 AND marked", name="drawn"),
        CheckConstraint("drawn <= 500", name="most"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    monitor_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    public_number: Mapped[str]
    source: Mapped[str]
    size: Mapped[int]
    root: Mapped[bytes]
    seed: Mapped[bytes]
    marked: Mapped[int]
    drawn: Mapped[int]


class CallBack(Base):
    """One person drawn: the place in the draw, and the answer once there is one.

    ``elector_id`` carries no foreign key: the roll goes before the papers do.
    """

    __tablename__ = "call_back"
    __table_args__ = (
        UniqueConstraint("round_id", "place"),
        UniqueConstraint("round_id", "elector_id"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("answer IN ('confirmed', 'denied', 'unreached')", name="answer"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("call_draw.round_id"))
    place: Mapped[int]
    elector_id: Mapped[str]
    answer: Mapped[str | None]


class SampledPaper(Base):
    """A paper drawn for the monitors: keyed a third time, held against its ballot when the urn is opened.

    ``sealed`` is what was keyed, emptied by the count, which says whether it is the ``same`` and, where it is
    not, which numbers it ``found``.
    """

    __tablename__ = "paper_sample"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "serial"], ["paper_ballot.round_id", "paper_ballot.serial"]
        ),
        UniqueConstraint("round_id", "place"),
        CheckConstraint("place BETWEEN 1 AND 300", name="place"),
        CheckConstraint("keyed_by IS NOT NULL OR sealed IS NULL", name="keyed"),
        CheckConstraint("found IS NULL OR NOT same", name="found"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[str]
    monitor_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    keyed_by: Mapped[str | None]
    sealed: Mapped[bytes | None]
    same: Mapped[bool | None]
    found: Mapped[str | None]
