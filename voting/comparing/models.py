"""A comparison as it was made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class ComparisonMade(Base):
    """What other rules would have given for the votes of a round, as canonical JSON; triggers keep it.

    ``version`` is the method that made it: a better one is a row beside it.
    """

    __tablename__ = "comparison"
    __table_args__ = (CheckConstraint("version >= 1", name="version"), STRICT)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    facts: Mapped[str]
