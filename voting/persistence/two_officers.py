"""A row that one officer asks for and another decides: its columns, and what the database asks of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column


class DecidedByTwo:
    """What was asked, why, and who decided.

    Everybody reads ``reason`` and ``decided_by``, the meeting or office that decided on ``day``. The one who
    asked may take it back; whatever was decided stays.
    """

    reason: Mapped[str]
    day: Mapped[date]
    decided_by: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]


def decided_by_two(table: str, about: str) -> tuple[CheckConstraint | Index, ...]:
    """Return the checks of such a table; of one ``about`` (a column) one row waits or is done."""
    standing = text("state <> 'refused'")
    return (
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
        CheckConstraint("state <> 'done' OR second_by <> first_by", name="two"),
        CheckConstraint("(state = 'waiting') = (second_by IS NULL)", name="second"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second_at"),
        CheckConstraint("reason <> '' AND decided_by <> ''", name="said"),
        Index(
            f"uq_{table}_standing", about, unique=True,
            sqlite_where=standing, postgresql_where=standing,
        ),
    )  # fmt: skip
