"""Paper ballots from the press to the urn, assisted ballots, and the sheet on which they must add up.

Nothing here leads from a person to a paper: the roll is marked at hand-out, a paper has a random serial, and
a bundle only counts how many of it were handed out.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from voting.paper.models.keying import PaperDecision, PaperForeign, PaperKeying, PaperVoid
from voting.persistence.base import SECRET, STRICT, Base, new_id

__all__ = [
    "AssistedBallot",
    "AssistedSession",
    "Collection",
    "Exchange",
    "LateConflict",
    "PaperBallot",
    "PaperBatch",
    "PaperBundle",
    "PaperDecision",
    "PaperForeign",
    "PaperKeying",
    "PaperState",
    "PaperVoid",
    "Reconciliation",
]


class PaperState(StrEnum):
    """What is known of a paper ballot.

    ``printed``: nothing since it was printed. ``spoiled``: taken out of use before it came into a box.
    ``returned``: it came out of a box and is being keyed. ``entered``: its ballot lies in the urn.
    ``invalid``: it came out of a box and counts for nothing.
    """

    PRINTED = "printed"
    SPOILED = "spoiled"
    RETURNED = "returned"
    ENTERED = "entered"
    INVALID = "invalid"


class PaperBatch(Base):
    """Paper ballots that were made in one go, in ``versions`` rotations of the list.

    ``kind`` is ``emergency`` for those of an emergency pack. A batch may be handed out once it stands in the
    ledger.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("kind IN ('vote', 'emergency')", name="kind"),
        CheckConstraint("state IN ('making', 'ready', 'printed', 'void')", name="state"),
        CheckConstraint("count BETWEEN 1 AND 20000", name="count"),
        CheckConstraint("versions BETWEEN 1 AND 8", name="versions"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(default="vote")
    count: Mapped[int]
    versions: Mapped[int]
    state: Mapped[str] = mapped_column(default="making")
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    printed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    ledger_idx: Mapped[int | None]


class PaperBundle(Base):
    """A part of a batch that one worker signs for: charged, counted down at hand-out, settled at the end.

    ``handed`` counts those given to residents; which, nobody knows. ``unused`` is what ``counted_by`` brought
    back; it is settled once ``received_by``, somebody else, has counted the same.
    """

    __tablename__ = "paper_bundle"
    __table_args__ = (
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("handed BETWEEN 0 AND count", name="handed"),
        CheckConstraint("unused IS NULL OR unused BETWEEN 0 AND count", name="unused"),
        CheckConstraint("handed = 0 OR holder_id IS NOT NULL", name="charged"),
        CheckConstraint("(unused IS NULL) = (counted_by IS NULL)", name="counted"),
        CheckConstraint("received_by IS NULL OR unused IS NOT NULL", name="received"),
        CheckConstraint("(received_by IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("received_by <> counted_by", name="two"),
        STRICT,
    )

    batch_id: Mapped[str] = mapped_column(ForeignKey("paper_batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"), index=True)
    charged_at: Mapped[datetime | None]
    charged_by: Mapped[str | None]
    handed: Mapped[int] = mapped_column(default=0)
    unused: Mapped[int | None]
    counted_by: Mapped[str | None]
    received_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class PaperBallot(Base):
    """One paper: its random serial (nine digits, the last a check digit), form version and state.

    ``slot`` is where its ballot lies in the urn: paper stays traceable to its entry, so that a sample of it
    can be held against the count. ``generation`` grows when an entered ballot was voided and is keyed anew.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "bundle"], ["paper_bundle.batch_id", "paper_bundle.number"]
        ),
        UniqueConstraint("round_id", "slot"),
        CheckConstraint(
            "state IN ('printed', 'spoiled', 'returned', 'entered', 'invalid')", name="state"
        ),
        CheckConstraint("(state = 'entered') = (slot IS NOT NULL)", name="slot"),
        CheckConstraint("(state IN ('spoiled', 'invalid')) = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("length(serial) = 9", name="serial"),
        CheckConstraint("generation >= 1", name="generation"),
        Index("ix_paper_ballot_batch_id_bundle", "batch_id", "bundle"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    serial: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str]
    bundle: Mapped[int]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(default=PaperState.PRINTED.value)
    reason: Mapped[str | None]
    generation: Mapped[int] = mapped_column(default=1)
    slot: Mapped[bytes | None]


class Exchange(Base):
    """That somebody's unused card or paper was voided and replaced (换票); the roll keeps one mark.

    ``before`` and ``after`` are the channels of the mark. The register changes a channel only where such a
    row says so.
    """

    __tablename__ = "exchange"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        CheckConstraint("before IN ('card_handed', 'paper_handed')", name="before"),
        CheckConstraint("after IN ('card_handed', 'paper_handed', 'assisted')", name="after"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    elector_id: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    day: Mapped[date]
    by: Mapped[str]


class Collection(Base):
    """That somebody of the same household collected and signed for a person (代领)."""

    __tablename__ = "collection"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        ForeignKeyConstraint(["round_id", "taker_id"], ["elector.round_id", "elector.elector_id"]),
        CheckConstraint("taker_id <> elector_id", name="other"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    elector_id: Mapped[str] = mapped_column(primary_key=True)
    taker_id: Mapped[str]
    day: Mapped[date]


class LateConflict(Base):
    """A signature on a printed register whose right was used already when it was entered."""

    __tablename__ = "late_conflict"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        CheckConstraint("medium IN ('card', 'paper')", name="medium"),
        CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name="answered"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    elector_id: Mapped[str]
    medium: Mapped[str]
    used_by: Mapped[str]
    day: Mapped[date]
    entered_by: Mapped[str]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]


class AssistedSession(Base):
    """That two officers are about to help a person who is present; casting deletes it.

    ``marked`` says that an exchange has moved the person's mark here already: then this row is the right.
    """

    __tablename__ = "assisted_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "elector_id"], ["elector.round_id", "elector.elector_id"]
        ),
        CheckConstraint("place IN ('desk', 'home')", name="place"),
        CheckConstraint("second_by <> first_by", name="two"),
        SECRET,
    )

    round_id: Mapped[str] = mapped_column(primary_key=True)
    elector_id: Mapped[str] = mapped_column(primary_key=True)
    first_by: Mapped[str]
    second_by: Mapped[str | None]
    place: Mapped[str]
    day: Mapped[date]
    marked: Mapped[bool] = mapped_column(default=False)


class AssistedBallot(Base):
    """Which two officers were present when a ballot was cast: no person, no time."""

    __tablename__ = "assisted_ballot"
    __table_args__ = (CheckConstraint("second_by <> first_by", name="two"), SECRET)

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    slot: Mapped[bytes] = mapped_column(primary_key=True)
    first_by: Mapped[str]
    second_by: Mapped[str]


class Reconciliation(Base):
    """The sheet of a round (清票): signed by one, then by another; the urn does not open before.

    ``sheet`` is the canonical JSON of all figures as they were signed. ``more_returned`` means that more
    paper came back than went out: the vote is void (practice.md §1.4).
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint("outcome IN ('adds_up', 'explained', 'more_returned')", name="outcome"),
        CheckConstraint("(outcome = 'explained') = (explanation <> '')", name="explained"),
        CheckConstraint("second_by <> first_by", name="two"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second"),
        STRICT,
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), primary_key=True)
    sheet: Mapped[str]
    outcome: Mapped[str]
    explanation: Mapped[str] = mapped_column(default="")
    first_by: Mapped[str]
    first_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_at: Mapped[datetime | None]
