"""The journal's one table."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class JournalEntry(Base):
    """One act of one officer; triggers abort every UPDATE and DELETE.

    ``hash`` is SHA-256 over the previous hash and the canonical JSON of this row, so that the head of the
    chain vouches for all of it. ``actor_id`` has no foreign key: the journal outlives accounts.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("hash"), STRICT)

    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    area_path: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    details: Mapped[str]
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
