"""What the upkeep of a round leaves: that its urn was repacked, and the paper ballots of an outage."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base


class Repacking(Base):
    """That the urn of a round was written anew after its vote, in the order of slots."""

    __tablename__ = "repacking"
    __table_args__ = (STRICT,)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    at: Mapped[datetime]


class EmergencyBallot(Base):
    """A numbered paper ballot of an outage, keyed once or twice; what it says lies in no table.

    ``digest`` is a keyed hash of what the first officer keyed: the second must give the same. No time stands
    here, and nothing leads from the number to the urn.
    """

    __tablename__ = "emergency_ballot"
    __table_args__ = (
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("second_by IS NULL OR second_by <> first_by", name="two"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes]
    first_by: Mapped[str]
    second_by: Mapped[str | None]
