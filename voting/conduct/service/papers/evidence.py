"""The rows of the papers' tables, each list with a fixed number of statements."""

from collections import defaultdict

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.conduct.rules.papers import (
    Cut,
    CutRow,
    Gone,
    MergeRow,
    PaperRow,
    ProjectRow,
    ProposalRow,
    StepRow,
    WorkRow,
)
from voting.conduct.service.watching import names_of
from voting.delivery.models import Project, ProjectCandidate
from voting.delivery.rules.states import STATE_NAMES, ProjectState
from voting.notices.service import notices_of
from voting.proposals.models import (
    CATEGORY_NAMES,
    Candidate,
    CandidateSource,
    Category,
    MergeChange,
    Proposal,
    ProposalDecision,
    Withdrawal,
)
from voting.proposals.rules.states import PROPOSAL_STATE_NAMES, CandidateState, ProposalState
from voting.results.rules import ResultFacts
from voting.results.service import LotWaits, cut_of, declared_facts, facts_of, numbers_of
from voting.results.service.gathering import gather
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import PHASE_NAMES, Phase
from voting.rounds.service import get_round, history_of
from voting.tally.models import UrnOpening
from voting.tally.service import checked_count, find_tally

_DUTIES = {"monitor": "监票人", "teller": "计票人"}
_NOT_TAKEN = frozenset({ProposalState.REFUSED.value, ProposalState.PASSED_ON.value})


def proposals_in(session: Session, round_id: str) -> list[ProposalRow]:
    """Return every proposal of a round, in the order in which they came, without its proposer."""
    said = _last_words(session, round_id)
    found = (
        select(Proposal)
        .where(Proposal.round_id == round_id)
        .order_by(Proposal.entered_at, Proposal.id)
    )
    return [_proposal(one, said.get(one.id, "")) for one in session.scalars(found)]


def not_taken_in(session: Session, round_id: str) -> list[ProposalRow]:
    """Return the proposals that were refused or passed on."""
    names = {PROPOSAL_STATE_NAMES[ProposalState(state)] for state in _NOT_TAKEN}
    return [row for row in proposals_in(session, round_id) if row.state in names]


def count_proposals(session: Session, round_id: str) -> int:
    """Return how many proposals a round received."""
    counted = select(func.count()).select_from(Proposal).where(Proposal.round_id == round_id)
    return session.scalar(counted) or 0


def _last_words(session: Session, round_id: str) -> dict[str, str]:
    """Return what each proposer was told last."""
    found = (
        select(ProposalDecision)
        .join(Proposal, Proposal.id == ProposalDecision.proposal_id)
        .where(Proposal.round_id == round_id)
        .order_by(ProposalDecision.at, ProposalDecision.id)
    )
    return {
        one.proposal_id: f"转{one.passed_to}。{one.reason}" if one.passed_to else one.reason
        for one in session.scalars(found)
        if one.reason or one.passed_to
    }


def _proposal(proposal: Proposal, words: str) -> ProposalRow:
    return ProposalRow(
        title=proposal.title,
        category=CATEGORY_NAMES[Category(proposal.category)],
        place=proposal.place,
        state=PROPOSAL_STATE_NAMES[ProposalState(proposal.state)],
        words=words,
    )


def merges_in(session: Session, round_id: str) -> list[MergeRow]:
    """Return what every candidate of a round was made of, and why."""
    parts: dict[str, list[str]] = defaultdict(list)
    rows = session.execute(
        select(CandidateSource.candidate_id, Proposal.title)
        .join(Proposal, Proposal.id == CandidateSource.proposal_id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(Candidate.round_id == round_id)
        .order_by(Proposal.entered_at, Proposal.id)
    )
    for row in rows:
        parts[row.candidate_id].append(row.title)
    joins = (
        select(MergeChange)
        .where(MergeChange.round_id == round_id, MergeChange.act == "join")
        .order_by(MergeChange.at, MergeChange.id)
    )
    words = {one.candidate_id: one.reason for one in session.scalars(joins) if one.reason}
    return [
        MergeRow(one.title, tuple(parts[one.id]), words.get(one.id, ""))
        for one in session.scalars(_candidates(round_id))
        if parts[one.id]
    ]


def works_in(session: Session, round_id: str, state: CandidateState) -> list[WorkRow]:
    """Return the candidates of a round that stand in a state, by number."""
    found = session.scalars(_candidates(round_id).where(Candidate.state == state.value))
    return [_work(one) for one in found]


def _work(one: Candidate) -> WorkRow:
    return WorkRow(
        one.ballot_number or 0, one.title, one.category_name, one.place, one.beneficiaries, one.cost
    )


def cut_in(session: Session, round_id: str) -> Cut:
    """Return what was cut of the money of a declared result; raise NotDeclaredYet."""
    made = cut_of(session, round_id)
    declared = declared_facts(session, round_id)
    assert made is not None  # noqa: S101 -- the step that leaves this paper has just made it
    kept, removed = numbers_of(made.funded), numbers_of(made.removed)
    rows = [CutRow(one.number, one.title, one.votes, one.cost) for one in declared.funded]
    return Cut(
        before=declared.budget,
        after=made.budget,
        reason=made.reason,
        decided_by=made.decided_by,
        decided_on=made.day,
        kept=[one for one in rows if one.number in kept],
        leaving=[one for one in rows if one.number not in {*kept, *removed}],
    )


def gone_last(session: Session, round: Round) -> Gone:
    """Return what was taken off the list last."""
    last = session.execute(
        select(Withdrawal, Candidate)
        .join(Candidate, Candidate.id == Withdrawal.candidate_id)
        .where(Withdrawal.round_id == round.id, Withdrawal.state == "done")
        .order_by(Withdrawal.second_at.desc())
        .limit(1)
    ).one()
    asked: Withdrawal = last.Withdrawal
    return Gone(
        work=_work(last.Candidate),
        reason=asked.reason,
        decided_by=asked.decided_by,
        decided_on=asked.day,
        left=len(works_in(session, round.id, CandidateState.LISTED)),
        has_paper=round.offers("paper"),
    )


def _candidates(round_id: str) -> Select[Candidate]:
    return (
        select(Candidate)
        .where(Candidate.round_id == round_id, Candidate.withdrawn_at.is_(None))
        .order_by(Candidate.ballot_number, Candidate.id)
    )


def result_in(session: Session, round_id: str) -> ResultFacts | None:
    """Return the figures of a round, or None before its count; raise TallyDiffers."""
    return facts_of(session, round_id) if find_tally(session, round_id) else None


def figures_in(session: Session, round_id: str) -> ResultFacts | None:
    """Return the figures of a count, also while a tie waits for its lot; None before it.

    Raises TallyDiffers.
    """
    try:
        return result_in(session, round_id)
    except LotWaits:
        return gather(session, get_round(session, round_id), checked_count(session, round_id))


def openers_of(session: Session, round_id: str) -> list[str]:
    """Return the names of the officers who opened the urn."""
    opening = session.get(UrnOpening, round_id)
    ids = [opening.first_officer, opening.second_officer] if opening else []
    named = names_of(session, [id for id in ids if id])
    return [named[id] for id in ids if id in named]


def people_of(session: Session, round_id: str) -> list[tuple[str, str]]:
    """Return duty and name of the monitors and tellers, as the 通告 names them too."""
    running = (
        select(Appointment)
        .where(Appointment.round_id == round_id, Appointment.ended_at.is_(None))
        .order_by(Appointment.duty, Appointment.appointed_at, Appointment.id)
    )
    return [
        (_DUTIES[one.duty], one.name) for one in session.scalars(running) if one.duty in _DUTIES
    ]


def steps_of(session: Session, round_id: str) -> list[StepRow]:
    """Return the steps of a round, oldest first."""
    return [
        StepRow(one.act, PHASE_NAMES[Phase(one.after)], local_day(one.at), one.day)
        for one in history_of(session, round_id)
    ]


def asked_last(session: Session, round_id: str) -> str:
    """Return the facts of the objection registered last."""
    asked = [one.reason for one in history_of(session, round_id) if one.act == "round.object"]
    return asked[-1] if asked else ""


def files_of(session: Session, round_id: str) -> int:
    """Return how many files came with the steps of a round."""
    return sum(1 for one in history_of(session, round_id) if one.file_digest)


def projects_in(session: Session, round_id: str) -> list[ProjectRow]:
    """Return the projects of a round; those packed into another are told there."""
    carried = select(ProjectCandidate.project_id).where(ProjectCandidate.project_id == Project.id)
    found = (
        select(Project)
        .where(Project.round_id == round_id, carried.exists())
        .order_by(Project.opened_at, Project.code)
    )
    return [_project(one) for one in session.scalars(found)]


def _project(project: Project) -> ProjectRow:
    return ProjectRow(
        title=project.title,
        category=CATEGORY_NAMES[Category(project.category)] if project.category else "",
        place=project.place,
        beneficiaries=project.beneficiaries,
        budget=project.budget,
        final_cost=project.final_cost,
        unit=project.unit,
        state=STATE_NAMES[ProjectState(project.state)],
    )


def papers_of(session: Session, round_id: str) -> list[PaperRow]:
    """Return every paper of a round, in the order in which they were issued."""
    return [
        PaperRow(one.number, one.kind, one.title, local_day(one.issued_at))
        for one in notices_of(session, round_id)
    ]
