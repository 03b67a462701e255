"""The platform's own condition: its last sign of life, and what was found when it was checked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class Heartbeat(Base):
    """The last minute in which the platform was seen to answer; one row, or none before the first."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="one"), STRICT)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class CheckRun(Base):
    """One look at everything that was frozen: how much did not fit, and the first of it in words."""

    __tablename__ = "check_run"
    __table_args__ = (CheckConstraint("findings >= 0", name="findings"), STRICT)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    findings: Mapped[int]
    first: Mapped[str] = mapped_column(default="")


def last_fault(session: Session) -> CheckRun | None:
    """Return the last check if it found something, else None."""
    newest = select(CheckRun).order_by(CheckRun.at.desc(), CheckRun.id).limit(1)
    run = session.scalars(newest).one_or_none()
    return run if run is not None and run.findings else None
