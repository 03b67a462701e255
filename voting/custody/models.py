"""The custody of a round's key: what was made, who holds which sheet, and who destroyed it. No secrets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class UrnKey(Base):
    """The key of a round's urn: its public half, and how far it has been proven that it can be used again.

    ``probe_sealed`` is a test ballot sealed when the key was made, ``probe_digest`` SHA-256 of what it says.
    ``set_no`` counts the sets of sheets. ``forgotten_at`` is when the server forgot the key (``monitors``),
    ``proven_at`` when two sheets opened the test ballot, or a recovery set (``proven_with``) was read back
    and was the same as what the server uses.
    """

    __tablename__ = "urn_key"
    __table_args__ = (
        CheckConstraint("way IN ('server', 'monitors')", name="way"),
        CheckConstraint("set_no BETWEEN 1 AND 255", name="set_no"),
        CheckConstraint("(proven_at IS NULL) = (proven_by IS NULL)", name="proven"),
        CheckConstraint("forgotten_at IS NULL OR way = 'monitors'", name="forgotten"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    way: Mapped[str]
    set_no: Mapped[int] = mapped_column(default=1)
    public_key: Mapped[bytes]
    probe_sealed: Mapped[bytes]
    probe_digest: Mapped[bytes]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    kept_at: Mapped[str] = mapped_column(default="")
    forgotten_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]
    proven_by: Mapped[str | None]
    proven_with: Mapped[str] = mapped_column(default="")


class HeldSheet(Base):
    """One sheet of a set: which monitor holds it, and when somebody said that it was lost."""

    __tablename__ = "key_sheet"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        CheckConstraint("(lost_on IS NULL) = (lost_at IS NULL)", name="lost"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("urn_key.round_id"), primary_key=True)
    set_no: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    holder: Mapped[str]
    lost_on: Mapped[date | None]
    lost_at: Mapped[datetime | None]
    lost_by: Mapped[str] = mapped_column(default="")
    lost_note: Mapped[str] = mapped_column(default="")


class KeyDestruction(Base):
    """The two officers who let a round's key be destroyed; the second is somebody else.

    ``second_at`` is the moment from which nothing in this database opens a ballot of the round any more.
    """

    __tablename__ = "key_destruction"
    __table_args__ = (
        CheckConstraint("second_officer IS NULL OR second_officer <> first_officer", name="two"),
        CheckConstraint("(second_officer IS NULL) = (second_at IS NULL)", name="second"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    way: Mapped[str]
    day: Mapped[date]
    present: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="")
    first_officer: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    first_at: Mapped[datetime]
    second_officer: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    second_at: Mapped[datetime | None]
