"""Claims to be somebody on the roll, and the tries they cost; both go when they have served."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, STRICT, Base, new_id


class PosterClaim(Base):
    """A browser that says it is somebody on the roll; ``elector_id`` is empty when nobody has the number.

    ``claim_hash`` is SHA-256 of what the browser's cookie holds. Everybody who claims gets the same row, so
    that nothing tells a right name from a wrong one before the second factor. ``code_hmac`` is the keyed hash
    of what was sent by short message, or of the short code under which a worker finds the claim. Casting
    deletes the row: the link from person to browser is cut in the transaction that uses the right.
    """

    __tablename__ = "poster_claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        CheckConstraint("way IN ('screen', 'sms', 'worker')", name="way"),
        CheckConstraint("state IN ('waiting', 'proven')", name="state"),
        CheckConstraint(
            "state = 'waiting' OR (elector_id IS NOT NULL AND name_fits)", name="proven"
        ),
        UniqueConstraint("round_id", "code_hmac"),
        Index("ix_poster_claim_expires_at", "expires_at"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    claim_hash: Mapped[bytes] = mapped_column(primary_key=True)
    elector_id: Mapped[str | None]
    name_fits: Mapped[bool]
    claimed_key: Mapped[bytes]
    way: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    code_hmac: Mapped[bytes | None]
    expires_at: Mapped[datetime]


class IdentityTry(Base):
    """How often somebody was claimed wrongly: five times, then only at the desk.

    ``claimed_key`` is a keyed hash of the name and the first 14 digits of the number, whether or not such a
    person is on the roll. ``asked`` grows with every claim, so that each one writes, those of a locked person
    too. ``messages`` counts the short messages that were asked for; six of them stand for more than five.
    """

    __tablename__ = "identity_try"
    __table_args__ = (
        CheckConstraint("fails BETWEEN 0 AND 5", name="fails"),
        CheckConstraint("messages BETWEEN 0 AND 6", name="messages"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    claimed_key: Mapped[bytes] = mapped_column(primary_key=True)
    fails: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    messages: Mapped[int] = mapped_column(default=0)


class ShortMessage(Base):
    """A short message on its way: number and text are sealed, and emptied once it was sent or given up."""

    __tablename__ = "short_message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index("ix_short_message_state", "state"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    sealed: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
