"""Many proposals become one candidate (合并同类项), and are taken apart again; every move is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.proposals.models import (
    Candidate,
    CandidateSource,
    MergeChange,
    Proposal,
    ProposalDecision,
)
from voting.proposals.rules import CandidateFacts
from voting.proposals.rules.states import (
    CANDIDATE_STATE_NAMES,
    MERGEABLE,
    PROPOSAL_STATE_NAMES,
    CandidateState,
    ProposalState,
    WrongCandidateState,
)
from voting.proposals.service.candidates import (
    NothingChosen,
    ProposalTaken,
    ProposalUndecided,
    get_candidate,
    note_candidate,
    sources_of,
    write_facts,
)
from voting.proposals.service.deciding import in_order, move
from voting.proposals.service.entering import get_proposal, open_round
from voting.proposals.service.joining import LastOnList, join, leave

# What the vote or an objection has settled is no longer put together or taken apart.
_STILL_OPEN = (CandidateState.NOMINATED, CandidateState.RESERVE, CandidateState.LISTED)


@dataclass(frozen=True)
class ChangeLine:
    """That a proposal joined or left a candidate, its title, and the name of the officer."""

    change: MergeChange
    title: str
    officer: str


class MergeReasonMissing(Refusal):
    """Whoever proposed reads why it was put together, or taken apart."""

    msgid = "请写理由，建议人会看到。"
    status = 422
    field = "reason"


class NotBehind(Refusal):
    """The proposal left the candidate meanwhile, or never was behind it."""

    msgid = "这条建议不在“%(title)s”里面。请刷新页面再看。"


def nominate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    proposal_ids: Sequence[str],
    facts: CandidateFacts,
    reason: str = "",
) -> Candidate:
    """Make one candidate of one or more proposals, for the review and the meeting.

    Raises NotFound, RulesFrozen, NotTakingProposals, NothingChosen, ProposalTaken, ProposalUndecided,
    CostAboveBudget or CostAboveLimit.
    """
    round = open_round(session, round_id)
    proposals = _chosen(session, round_id, proposal_ids)
    candidate = Candidate(round_id=round_id, state=CandidateState.NOMINATED.value)
    write_facts(round, candidate, facts)
    session.add(candidate)
    session.flush()
    for proposal in proposals:
        join(session, now, actor, candidate, proposal, reason, many=len(proposals) > 1)
    note_candidate(
        session, actor, "candidate.nominate", now, round, candidate, proposals=len(proposals)
    )
    return candidate


def merge(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str | None,
    proposal_ids: Sequence[str],
    facts: CandidateFacts | None,
    reason: str,
) -> Candidate:
    """Put proposals together: into a candidate that is there, or into a new one that ``facts`` describes."""
    if not reason:
        raise MergeReasonMissing
    if candidate_id is None:
        if facts is None:
            raise NothingChosen
        return nominate(
            session, now=now, actor=actor, round_id=round_id, proposal_ids=proposal_ids, facts=facts,
            reason=reason,
        )  # fmt: skip
    round = open_round(session, round_id)
    candidate = open_candidate(session, candidate_id, round_id)
    proposals = _chosen(session, round_id, proposal_ids)
    alone = sources_of(session, candidate.id)
    for proposal in proposals:
        join(session, now, actor, candidate, proposal, reason, many=True)
    if len(alone) == 1 and alone[0].state == ProposalState.PASSED:
        move(session, alone[0], "proposal.merge", ProposalState.MERGED)
    note_candidate(
        session, actor, "candidate.merge", now, round, candidate, proposals=len(proposals)
    )
    return candidate


def split(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    proposal_id: str | None,
    reason: str,
) -> Candidate:
    """Take one proposal out of a candidate, or (without an id) all of them.

    A candidate without proposals goes off the meeting's list and is not offered from the reserve.
    Raises NotFound, RulesFrozen, NotTakingProposals, MergeReasonMissing, WrongCandidateState, NotBehind
    or LastOnList.
    """
    round = open_round(session, round_id)
    candidate = open_candidate(session, candidate_id, round_id)
    if not reason:
        raise MergeReasonMissing
    behind = sources_of(session, candidate.id)
    leaving = [one for one in behind if proposal_id in {None, one.id}]
    if not leaving:
        raise NotBehind(title=candidate.title)
    if len(leaving) == len(behind) and candidate.state == CandidateState.LISTED:
        raise LastOnList(title=candidate.title)
    for proposal in leaving:
        leave(session, now, actor, candidate, proposal, reason)
        if proposal.round_id == round_id:
            _back(session, now, actor, proposal, reason)
    if len(leaving) == len(behind):
        candidate.state = CandidateState.RESERVE.value
    note_candidate(session, actor, "candidate.split", now, round, candidate, proposals=len(leaving))
    return candidate


def open_candidate(session: Session, candidate_id: str, round_id: str) -> Candidate:
    """Return a candidate that may still be put together and taken apart."""
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    if candidate.state not in _STILL_OPEN:
        name = CANDIDATE_STATE_NAMES[CandidateState(candidate.state)]
        raise WrongCandidateState(title=candidate.title, state=name)
    return candidate


def changes_of(session: Session, candidate_id: str) -> list[ChangeLine]:
    """Return what joined and left a candidate, latest first."""
    rows = session.execute(
        select(MergeChange, Proposal.title, Officer.name)
        .join(Proposal, Proposal.id == MergeChange.proposal_id)
        .outerjoin(Officer, Officer.id == MergeChange.by)
        .where(MergeChange.candidate_id == candidate_id)
        .order_by(MergeChange.at.desc(), MergeChange.id)
    )
    return [ChangeLine(one, title, name or "") for one, title, name in rows]


def check_free(session: Session, proposals: Sequence[Proposal]) -> None:
    """Refuse proposals of which one stands behind a candidate already."""
    row = session.execute(
        select(Proposal.title, Candidate.title.label("candidate"))
        .join(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(
            Proposal.id.in_([proposal.id for proposal in proposals]),
            Candidate.round_id == Proposal.round_id,
        )
        .limit(1)
    ).one_or_none()
    if row is not None:
        raise ProposalTaken(title=row.title, candidate=row.candidate)


def _chosen(session: Session, round_id: str, ids: Sequence[str]) -> list[Proposal]:
    proposals = [get_proposal(session, id, round_id=round_id) for id in dict.fromkeys(ids)]
    if not proposals:
        raise NothingChosen
    check_free(session, proposals)
    for proposal in proposals:
        session.refresh(proposal, ["state"])
        if proposal.state not in MERGEABLE:
            state = PROPOSAL_STATE_NAMES[ProposalState(proposal.state)]
            raise ProposalUndecided(title=proposal.title, state=state)
    return proposals


def _back(session: Session, now: datetime, actor: Actor, proposal: Proposal, reason: str) -> None:
    """Let a proposal stand where it stood by itself: passed if it had passed, else to be screened."""
    own = (
        select(ProposalDecision.outcome)
        .where(
            ProposalDecision.proposal_id == proposal.id,
            ProposalDecision.kind.in_(["screening", "appeal"]),
            ProposalDecision.candidate_id.is_(None),
        )
        .order_by(*(column.desc() for column in in_order()))
        .limit(1)
    )
    passed = session.scalar(own) == ProposalState.PASSED
    after = ProposalState.PASSED if passed else ProposalState.ACCEPTED
    move(session, proposal, "proposal.split", after)
    session.add(
        ProposalDecision(
            proposal_id=proposal.id, kind="screening", outcome=after.value, reason=reason, at=now,
            by=actor.id,
        )
    )  # fmt: skip
    session.flush()
