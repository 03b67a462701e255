"""Proposals, and the candidates that stand on the list."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import STRICT, Base, new_id
from voting.persistence.two_officers import DecidedByTwo, decided_by_two


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
PROPOSAL_STATES = (
    "received", "accepted", "returned", "merged", "passed_on", "refused", "passed",
    "review_passed", "review_failed",
)  # fmt: skip
CANDIDATE_STATES = ("nominated", "reserve", "listed", "funded", "unfunded", "removed")
_CATEGORIES = "category IN ('engineering', 'equipment', 'service')"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Proposal(Base):
    """What one resident would like to have built.

    Names are shown masked everywhere; name and telephone are kept encrypted. Nobody but the desk sees a
    proposal before it is accepted. ``follow_key`` is a keyed hash of the code with which the proposer comes
    back; ``sending_key`` is the form's own, so that a form sent twice makes one proposal.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(_CATEGORIES, name="category"),
        CheckConstraint(_one_of("state", PROPOSAL_STATES), name="state"),
        CheckConstraint("source IN ('paper', 'phone')", name="source"),
        CheckConstraint("basis IS NULL OR basis IN ('live', 'work', 'study')", name="basis"),
        UniqueConstraint("follow_key"),
        UniqueConstraint("round_id", "sending_key"),
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
    basis: Mapped[str | None]
    follow_key: Mapped[bytes | None]
    sending_key: Mapped[str | None]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]


class ProposalPhoto(Base):
    """A photograph that came with a proposal; ``digest`` names the stored file."""

    __tablename__ = "proposal_photo"
    __table_args__ = (CheckConstraint("position BETWEEN 1 AND 3", name="position"), STRICT)

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]


class ProposalDecision(Base):
    """What the desk decided about a proposal, and why; triggers abort every change.

    ``legal``, ``feasible``, ``beneficial`` and ``affordable`` are the answers to the four questions of
    practice.md §1.3 (``yes``, ``no`` or ``unclear``), ``notes`` what was written beside them for the desk.
    The proposer reads ``reason``; ``passed_to`` is the office that was asked to act instead.
    """

    __tablename__ = "proposal_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('acceptance', 'screening', 'appeal', 'review')", name="kind"),
        CheckConstraint(_one_of("outcome", PROPOSAL_STATES), name="outcome"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    kind: Mapped[str]
    outcome: Mapped[str]
    legal: Mapped[str | None]
    feasible: Mapped[str | None]
    beneficial: Mapped[str | None]
    affordable: Mapped[str | None]
    notes: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    passed_to: Mapped[str] = mapped_column(default="")
    candidate_id: Mapped[str | None] = mapped_column(ForeignKey("candidate.id"))
    at: Mapped[datetime]
    by: Mapped[str]


class Appeal(Base):
    """The one appeal against the screening of a proposal; another officer at the street decides it."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> against_by", name="other_officer"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (is_upheld IS NULL)", name="outcome"),
        STRICT,
    )

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("proposal_decision.id"))
    against_by: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime]
    is_upheld: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class Candidate(Base):
    """A work that may come on the list, made of one or more proposals.

    ``ballot_number`` is its number on every ballot of the round; who has none is not on the list. ``state``
    follows practice.md §1.10: nominated for the meeting, then listed or in reserve, after the vote funded
    or unfunded, or removed after an objection.
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
        CheckConstraint(_one_of("state", CANDIDATE_STATES), name="state"),
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
    # of the candidates with one number here at most one is funded
    rival_group: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="listed", server_default="listed")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    @property
    def category_name(self) -> str:
        """The Chinese name of the category, empty for other people's data."""
        return CATEGORY_NAMES[Category(self.category)] if self.category else ""


class Withdrawal(DecidedByTwo, Base):
    """That a candidate is taken off the list of an announced vote: one officer asks, another confirms."""

    __tablename__ = "withdrawal"
    __table_args__ = (*decided_by_two("withdrawal", "candidate_id"), STRICT)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"))


class CandidateSource(Base):
    """Which proposals a candidate was made of (合并同类项)."""

    __tablename__ = "candidate_source"

    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    proposal_id: Mapped[str] = mapped_column(
        ForeignKey("proposal.id"), primary_key=True, index=True
    )


class MergeChange(Base):
    """That a proposal joined or left a candidate, when, by whom and why; triggers abort every change."""

    __tablename__ = "merge_change"
    __table_args__ = (CheckConstraint("act IN ('join', 'leave')", name="act"), STRICT)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"), index=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), index=True)
    act: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]


class CandidateReview(Base):
    """The street's review (联审) of a candidate: what it settled, and whether the candidate passed.

    Money in cents. ``cost_basis`` says on what the cost rests (询价 2—3 家), ``upkeep`` who pays later.
    Triggers abort every change.
    """

    __tablename__ = "candidate_review"
    __table_args__ = (
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("beneficiaries >= 0", name="beneficiaries"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"), index=True)
    is_passed: Mapped[bool]
    cost: Mapped[int]
    beneficiaries: Mapped[int]
    place: Mapped[str]
    cost_basis: Mapped[str] = mapped_column(default="")
    upkeep: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]
