"""Funded projects and everything that is noted of them until they are handed over."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voting.areas.models import Area
from voting.delivery.rules.states import ProjectState
from voting.persistence.base import STRICT, Base, new_id

_STATES = ", ".join(f"'{state}'" for state in ProjectState)


class Project(Base):
    """A work that is being done: one funded candidate, or several packed together (整合打包).

    Money in cents. ``code`` is its number in the street's files (street, community, year, count).
    ``measure`` names what can be counted, before and after (车位: 120, 141).
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("budget >= 0", name="budget"),
        CheckConstraint("final_cost IS NULL OR final_cost >= 0", name="final_cost"),
        CheckConstraint("contract_sum IS NULL OR contract_sum >= 0", name="contract_sum"),
        Index("ix_project_area_id_state", "area_id", "state"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"))
    code: Mapped[str]
    title: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str]
    sentence: Mapped[str] = mapped_column(default="")
    beneficiaries: Mapped[int]
    budget: Mapped[int]
    contract_sum: Mapped[int | None]
    final_cost: Mapped[int | None]
    picture: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=ProjectState.TO_APPROVE.value)
    target: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    person: Mapped[str] = mapped_column(default="")
    leader: Mapped[str] = mapped_column(default="")
    contractor: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    measure_before: Mapped[int | None]
    measure_after: Mapped[int | None]
    opened_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    terminated_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(lazy="joined", innerjoin=True)


class ProjectCandidate(Base):
    """Which funded candidates a project carries out."""

    __tablename__ = "project_candidate"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    candidate_id: Mapped[str] = mapped_column(
        ForeignKey("candidate.id"), primary_key=True, index=True
    )


class ProjectChange(Base):
    """One step of a project: which act, from where to where, when, by whom, and why.

    ``day`` and ``person`` say when and by whom the thing itself was done; ``file_digest`` names a stored
    file that shows it, ``notice_id`` the paper that the step left. Triggers abort every change.
    """

    __tablename__ = "project_change"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    act: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    day: Mapped[date | None]
    person: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="")
    notice_id: Mapped[str | None]


class Milestone(Base):
    """A point on the way (节点): planned for a day, done on a day, somebody's to see to."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        CheckConstraint("position >= 1", name="position"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    person: Mapped[str]
    planned_on: Mapped[date]
    done_on: Mapped[date | None]


class ProgressEntry(Base):
    """What happened on a project, in a few words for the neighbours."""

    __tablename__ = "progress_entry"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    day: Mapped[date]
    words: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class ProjectPhoto(Base):
    """A photograph of a project before, during or after the work; ``digest`` names the stored file."""

    __tablename__ = "project_photo"
    __table_args__ = (
        CheckConstraint("stage IN ('before', 'during', 'after')", name="stage"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    digest: Mapped[str]
    stage: Mapped[str]
    caption: Mapped[str]
    taken_on: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    removed_at: Mapped[datetime | None]


class Spending(Base):
    """Money paid for a project, in cents. What was entered wrongly is voided with a reason, never edited."""

    __tablename__ = "spending"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="voided"),
        STRICT,
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    day: Mapped[date]
    amount: Mapped[int]
    purpose: Mapped[str]
    payee: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str | None]
