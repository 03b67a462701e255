"""Polling places and the shifts of those on duty there."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class PollingPlace(Base):
    """A place where cards and paper are handed out and ballots fall into a box; a mobile one is carried.

    ``screen_hash`` is SHA-256 of the token in the address of its tablet: the tablet needs no account.
    """

    __tablename__ = "polling_place"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        UniqueConstraint("screen_hash"),
        CheckConstraint("kind IN ('fixed', 'mobile')", name="kind"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str] = mapped_column(default="fixed")
    name: Mapped[str]
    address: Mapped[str]
    hours: Mapped[str]
    screen_hash: Mapped[bytes | None]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Shift(Base):
    """Who was on duty at a polling place, when; times are those of a wall clock (``08:30``)."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("place_id", "officer_id", "day", "begins"),
        CheckConstraint("begins < ends", name="time"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    place_id: Mapped[str] = mapped_column(ForeignKey("polling_place.id"))
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), index=True)
    day: Mapped[date]
    begins: Mapped[str]
    ends: Mapped[str]
