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

    Where the lot is drawn in public ``draw_seed`` is empty and ``outcome`` is that before the draw.
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


class TieDraw(Base):
    """The lot among equal votes of a round: one officer types the public number, another types it again.

    From then on nothing of it changes: ``root`` (32 bytes) and ``size`` are those of the first checkpoint
    that covers the count, ``seed`` follows from root and number, ``outcome`` is the JSON with the draw.
    """

    __tablename__ = "tie_draw"
    __table_args__ = (
        CheckConstraint("length(public_number) BETWEEN 4 AND 40", name="public_number"),
        CheckConstraint("second_by <> first_by", name="two"),
        CheckConstraint(
            "(second_by IS NULL) = (second_at IS NULL) AND (second_by IS NULL) = (size IS NULL) "
            "AND (second_by IS NULL) = (root IS NULL) AND (second_by IS NULL) = (seed IS NULL) "
            "AND (second_by IS NULL) = (outcome IS NULL)",
            name="whole",
        ),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("tally.round_id"), primary_key=True)
    public_number: Mapped[str]
    issue: Mapped[str]
    came_at: Mapped[datetime]
    present: Mapped[str]
    first_by: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    first_at: Mapped[datetime]
    second_by: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    second_at: Mapped[datetime | None]
    size: Mapped[int | None]
    root: Mapped[bytes | None]
    seed: Mapped[bytes | None]
    outcome: Mapped[str | None]
