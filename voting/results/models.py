"""The declared outcome."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class Result(Base):
    """The figures of a round as the street declared them; triggers abort changes after declaration."""

    __tablename__ = "result"
    __table_args__ = (STRICT,)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    facts: Mapped[str]
    digest: Mapped[bytes]
    prepared_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    declared_by: Mapped[str | None]
    publicity_from: Mapped[date | None]
    publicity_to: Mapped[date | None]
