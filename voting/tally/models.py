"""What came out of the urn."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base


class UrnOpening(Base):
    """The two officers who open the urn of a round; the second is somebody else."""

    __tablename__ = "urn_opening"
    __table_args__ = (
        CheckConstraint("second_officer IS NULL OR second_officer <> first_officer", name="two"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    first_officer: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    first_at: Mapped[datetime]
    second_officer: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    second_at: Mapped[datetime | None]


class OpenedBallot(Base):
    """Identical ballots are one row with a number; the slots are not kept beside them."""

    __tablename__ = "opened_ballot"
    __table_args__ = (CheckConstraint("number >= 1", name="number"), STRICT)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    ballot: Mapped[str]
    number: Mapped[int]


class ChannelVote(Base):
    """How many of the ballots that came by a group of channels name a project, where that may be shown.

    Cells that may not be shown are never stored (docs/2_rules/comparing.md). ``candidate`` is the id in the
    count, ``channel`` a group like ``assisted+card``.
    """

    __tablename__ = "channel_vote"
    __table_args__ = (
        CheckConstraint("votes >= 10 AND ballots - votes >= 10", name="shown"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    candidate: Mapped[str] = mapped_column(primary_key=True)
    votes: Mapped[int]
    ballots: Mapped[int]


class Tally(Base):
    """The count of one round: how many ballots, and the canonical JSON of the outcome.

    ``channel_digest`` is that of the rows of ``channel_vote`` stored with it; NULL for a count from before
    there were any.
    """

    __tablename__ = "tally"

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    counted_at: Mapped[datetime]
    ballots: Mapped[int]
    blank: Mapped[int]
    invalid: Mapped[int]
    urn_digest: Mapped[bytes]
    draw_seed: Mapped[bytes]
    outcome: Mapped[str]
    channel_digest: Mapped[bytes | None]
