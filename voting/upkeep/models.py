"""What the upkeep of a round leaves: that its urn was repacked."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class Repacking(Base):
    """That the urn of a round was written anew after its vote, in the order of slots."""

    __tablename__ = "repacking"
    __table_args__ = (STRICT,)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    at: Mapped[datetime]
