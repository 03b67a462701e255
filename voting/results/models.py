"""The declared outcome."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


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


class BudgetCut(Base):
    """That the street cut the money of a declared result: one officer asks, another confirms.

    ``budget`` is the new sum in cents. Once it is done, ``removed`` are the ballot numbers that had left
    after an objection, and ``funded`` those that keep their money, in the order of selection, joined by
    commas. Of one round one waits or is done.
    """

    __tablename__ = "budget_cut"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("state <> 'done' OR second_by <> first_by", name="two"),
        CheckConstraint("(state = 'waiting') = (second_by IS NULL)", name="second"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_at"),
        CheckConstraint("(state = 'done') = (funded IS NOT NULL)", name="funded"),
        CheckConstraint("(funded IS NULL) = (removed IS NULL)", name="removed"),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("reason <> '' AND decided_by <> ''", name="said"),
        Index(
            "uq_budget_cut_standing",
            "round_id",
            unique=True,
            sqlite_where=text("state <> 'refused'"),
            postgresql_where=text("state <> 'refused'"),
        ),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    budget: Mapped[int]
    reason: Mapped[str]
    day: Mapped[date]
    decided_by: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    removed: Mapped[str | None]
    funded: Mapped[str | None]
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]
