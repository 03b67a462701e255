"""Piles of things that wait for an officer: proposals, appeals, reviews, projects, changes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.areas.models import Area
from voting.clock import local_day
from voting.delivery.models import Milestone, Project
from voting.delivery.rules.states import ProjectState
from voting.permissions import Permission
from voting.proposals.models import Appeal, Candidate, CandidateReview, Proposal, Withdrawal
from voting.results.models import BudgetCut
from voting.roll.models import RollChange
from voting.rounds.models import Round, RoundOfficer
from voting.rounds.rules import Phase

# More rounds than a desk can hold at a time; the largest piles are shown.
MOST_PILES = 50
_TAKING = (Phase.COLLECTING.value, Phase.SCREENING.value)
_REVIEWING = (Phase.SCREENING.value, Phase.DELIBERATING.value)
_LIVING = (Phase.VOTE_ANNOUNCED.value, Phase.VOTING.value)
_PUBLISHED = (Phase.PUBLICITY.value, Phase.OBJECTION.value)
_ENDED = (ProjectState.DONE.value, ProjectState.TERMINATED.value, ProjectState.ARCHIVED.value)


class Kind(StrEnum):
    """What lies on a pile; the order is that of the desk."""

    APPEAL = "appeal"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REVIEW = "review"
    TO_APPROVE = "to_approve"
    LATE = "late"
    ROLL_CHANGE = "roll_change"
    WITHDRAWAL = "withdrawal"
    CUT = "cut"


_NEEDED = {
    Kind.APPEAL: Permission.PROPOSAL_REVIEW,
    Kind.RECEIVED: Permission.PROPOSAL_SCREEN,
    Kind.ACCEPTED: Permission.PROPOSAL_SCREEN,
    Kind.REVIEW: Permission.PROPOSAL_REVIEW,
    Kind.TO_APPROVE: Permission.DELIVERY_APPROVE,
    Kind.LATE: Permission.DELIVERY_EDIT,
    Kind.ROLL_CHANGE: Permission.ROLL_IMPORT,
    Kind.WITHDRAWAL: Permission.ROUND_APPROVE,
    Kind.CUT: Permission.RESULT_DECLARE,
}


@dataclass(frozen=True)
class Pile:
    """So many things of one kind in one round; ``runs`` if this officer was named to run the round."""

    kind: Kind
    round_id: str
    title: str
    number: int
    runs: bool


def piles(session: Session, officer: Officer, *, now: datetime) -> list[Pile]:
    """Return what waits for an officer, kind by kind: their own rounds first, then the largest piles."""
    return [
        Pile(kind, round_id, title, number, runs)
        for kind, needed in _NEEDED.items()
        if officer.may(needed)
        for round_id, title, number, runs in session.execute(_piled(kind, officer, local_day(now)))
    ]


def _piled(kind: Kind, officer: Officer, today: date) -> Select[str, str, int, bool]:
    runs = exists().where(RoundOfficer.round_id == Round.id, RoundOfficer.officer_id == officer.id)
    number = func.count()
    query = (
        select(Round.id, Round.title, number, runs)
        .join(Round.area)
        .where(Area.path.startswith(officer.area.path, autoescape=True), Round.kind != "loaded")
        .group_by(Round.id, Round.title)
        .order_by(runs.desc(), number.desc(), Round.id)
        .limit(MOST_PILES)
    )
    if kind is Kind.ROLL_CHANGE:
        # Whoever asked for a change does not confirm it.
        return query.join(RollChange, RollChange.round_id == Round.id).where(
            RollChange.state == "waiting",
            RollChange.first_by != officer.id,
            Round.phase.in_(_LIVING),
        )
    if kind is Kind.WITHDRAWAL:
        return query.join(Withdrawal, Withdrawal.round_id == Round.id).where(
            Withdrawal.state == "waiting",
            Withdrawal.first_by != officer.id,
            Round.phase.in_((*_LIVING, Phase.PAUSED.value)),
        )
    if kind is Kind.CUT:
        return query.join(BudgetCut, BudgetCut.round_id == Round.id).where(
            BudgetCut.state == "waiting",
            BudgetCut.first_by != officer.id,
            Round.phase.in_(_PUBLISHED),
        )
    if kind in {Kind.TO_APPROVE, Kind.LATE}:
        return _of_projects(kind, query, today)
    return _of_proposals(kind, query, officer)


def _of_proposals(
    kind: Kind, query: Select[str, str, int, bool], officer: Officer
) -> Select[str, str, int, bool]:
    if kind is Kind.REVIEW:
        reviewed = exists().where(CandidateReview.candidate_id == Candidate.id)
        return query.join(Candidate, Candidate.round_id == Round.id).where(
            Candidate.state == "nominated", ~reviewed, Round.phase.in_(_REVIEWING)
        )
    query = query.join(Proposal, Proposal.round_id == Round.id)
    if kind is Kind.APPEAL:
        # Whoever decided may not decide about the appeal against it.
        return query.join(Appeal, Appeal.proposal_id == Proposal.id).where(
            Appeal.decided_at.is_(None), Appeal.against_by != officer.id
        )
    return query.where(Proposal.state == kind.value, Round.phase.in_(_TAKING))


def _of_projects(
    kind: Kind, query: Select[str, str, int, bool], today: date
) -> Select[str, str, int, bool]:
    query = query.join(Project, Project.round_id == Round.id)
    if kind is Kind.TO_APPROVE:
        return query.where(Project.state == ProjectState.TO_APPROVE.value)
    return query.join(Milestone, Milestone.project_id == Project.id).where(
        Milestone.done_on.is_(None), Milestone.planned_on < today, Project.state.not_in(_ENDED)
    )
