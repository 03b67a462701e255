"""Long jobs and how far they are: the row is ours, the queue belongs to the adapter."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class Job(Base):
    """A piece of work that takes longer than a page may: state, progress, and the file it left."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("done >= 0 AND done <= total", name="progress"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    officer_id: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    message: Mapped[str | None]
    result: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
