"""Proposals, and the candidates that stand on the list."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id


class Category(StrEnum):
    """The three categories of 西湖区."""

    ENGINEERING = "engineering"
    EQUIPMENT = "equipment"
    SERVICE = "service"


CATEGORY_NAMES = {
    Category.ENGINEERING: "工程类",
    Category.EQUIPMENT: "设备采购类",
    Category.SERVICE: "服务采购类",
}
_CATEGORIES = "category IN ('engineering', 'equipment', 'service')"


class Proposal(Base):
    """What one resident would like to have built.

    Names are shown masked everywhere; name and telephone are kept encrypted.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(_CATEGORIES, name="category"),
        CheckConstraint(
            "state IN ('received', 'accepted', 'returned', 'merged', 'passed_on', 'refused', 'passed')",
            name="state",
        ),
        CheckConstraint("source IN ('paper', 'phone')", name="source"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    title: Mapped[str]
    category: Mapped[str]
    place: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str] = mapped_column(default="paper")
    state: Mapped[str] = mapped_column(default="accepted")
    proposer_sealed: Mapped[bytes]
    proposer_key: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    phone_key: Mapped[bytes | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]


class Candidate(Base):
    """A work on the list, made of one or more proposals.

    ``ballot_number`` is its number on every ballot of the round; who has none is not on the list.
    ``picture`` is the digest of a stored file. Once the round is frozen, triggers abort every change but
    a withdrawal.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("round_id", "ballot_number"),
        UniqueConstraint("round_id", "external_id"),
        CheckConstraint("category IS NULL OR " + _CATEGORIES, name="category"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("beneficiaries >= 0", name="beneficiaries"),
        CheckConstraint("ballot_number IS NULL OR ballot_number >= 1", name="ballot_number"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    external_id: Mapped[str | None]
    ballot_number: Mapped[int | None]
    title: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str]
    sentence: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    cost: Mapped[int]
    beneficiaries: Mapped[int]
    picture: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    @property
    def category_name(self) -> str:
        """The Chinese name of the category, empty for other people's data."""
        return CATEGORY_NAMES[Category(self.category)] if self.category else ""


class CandidateSource(Base):
    """Which proposals a candidate was made of (合并同类项)."""

    __tablename__ = "candidate_source"

    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(
        ForeignKey("proposal.id"), primary_key=True, index=True
    )
