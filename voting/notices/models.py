"""Papers as they were issued."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class Notice(Base):
    """A paper as issued: its number, its facts and the digest of its PDF. Triggers abort every change.

    ``round_id`` has no foreign key: papers are an earlier stage than rounds and outlive them.
    ``facts`` is the canonical JSON from which page and PDF are made. The PDF of a paper that a step leaves
    is printed from them once, when somebody first asks; from then on ``pdf_digest`` stands. ``audience`` says
    who may read it: papers for the desk are numbered apart and never shown in public.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("round_id", "kind", "edition"),
        CheckConstraint("edition >= 1", name="edition"),
        CheckConstraint("audience IN ('public', 'desk')", name="audience"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    kind: Mapped[str]
    edition: Mapped[int] = mapped_column(default=1)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"), index=True)
    round_id: Mapped[str | None]
    title: Mapped[str]
    facts: Mapped[str]
    pdf_digest: Mapped[str | None]
    audience: Mapped[str] = mapped_column(default="public", server_default="public")
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by: Mapped[str]
    publicity_from: Mapped[date | None]
    publicity_to: Mapped[date | None]


class NoticeCounter(Base):
    """The last number given out in a year; raised by a conditional update."""

    __tablename__ = "notice_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
