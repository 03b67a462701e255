"""What is keyed of a paper, what is decided about it, and what is taken back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id


class PaperKeying(Base):
    """What one officer keyed of a paper; ``sealed`` is emptied once the paper is settled.

    The two keys of the table make the second keyer somebody else than the first.
    """

    __tablename__ = "paper_keying"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "serial"], ["paper_ballot.round_id", "paper_ballot.serial"]
        ),
        UniqueConstraint("round_id", "serial", "generation", "by"),
        CheckConstraint("turn IN (1, 2)", name="turn"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[str]
    sealed: Mapped[bytes | None]


class PaperDecision(Base):
    """What a third officer and a monitor decided about a paper on which two keyers differ or doubt."""

    __tablename__ = "paper_decision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "serial"], ["paper_ballot.round_id", "paper_ballot.serial"]
        ),
        CheckConstraint("outcome IN ('counted', 'invalid')", name="outcome"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    monitor_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"))
    outcome: Mapped[str]
    reason: Mapped[str]


class PaperForeign(Base):
    """A paper in a box that is none of the round: put aside by one, looked at by another, counted beside."""

    __tablename__ = "paper_foreign"
    __table_args__ = (
        CheckConstraint("second_by <> first_by", name="two"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    sign: Mapped[str]
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]


class PaperVoid(Base):
    """That what was settled of a paper is taken back: asked by one, confirmed by another, then keyed anew.

    ``slot`` is where the ballot of an entered paper lies, and makes it a leaf; others have none.
    """

    __tablename__ = "paper_void"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "serial"], ["paper_ballot.round_id", "paper_ballot.serial"]
        ),
        UniqueConstraint("round_id", "slot"),
        UniqueConstraint("round_id", "serial", "generation"),
        CheckConstraint("second_by <> first_by", name="two"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    serial: Mapped[str]
    generation: Mapped[int]
    slot: Mapped[bytes | None]
    reason: Mapped[str]
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]
