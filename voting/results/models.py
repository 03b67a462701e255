"""The declared outcome."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id
from voting.persistence.two_officers import DecidedByTwo, decided_by_two


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


class BudgetCut(DecidedByTwo, Base):
    """That the street cut the money of a declared result: one officer asks, another confirms.

    ``budget`` is the new sum in cents. Once it is done, ``removed`` are the ballot numbers that had left
    after an objection, and ``funded`` those that keep their money, in the order of selection, joined by
    commas.
    """

    __tablename__ = "budget_cut"
    __table_args__ = (
        *decided_by_two("budget_cut", "round_id"),
        CheckConstraint("(state = 'done') = (funded IS NOT NULL)", name="funded"),
        CheckConstraint("(funded IS NULL) = (removed IS NULL)", name="removed"),
        CheckConstraint("budget >= 0", name="budget"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    budget: Mapped[int]
    removed: Mapped[str | None]
    funded: Mapped[str | None]
