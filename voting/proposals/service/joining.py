"""A proposal stands behind a candidate, or no longer does; each of the two is kept."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.proposals.models import (
    Candidate,
    CandidateSource,
    MergeChange,
    Proposal,
    ProposalDecision,
)
from voting.proposals.rules.states import CandidateState, ProposalState
from voting.proposals.service.candidates import sources_of
from voting.proposals.service.deciding import move


class LastOnList(Refusal):
    """A candidate on the list stands for somebody's proposal."""

    msgid = "“%(title)s”已经在候选名单上，至少要留一条建议。要全部拆开，请先移出候选名单。"


def join(
    session: Session,
    now: datetime,
    actor: Actor,
    candidate: Candidate,
    proposal: Proposal,
    reason: str,
    *,
    many: bool,
) -> None:
    """Put a proposal behind a candidate and tell its proposer; ``many`` if it is not the only one."""
    after = ProposalState.MERGED if many else ProposalState.PASSED
    if proposal.state != after:
        move(session, proposal, "proposal.merge", after)
    link(session, now, actor, candidate, proposal, reason)
    session.add(
        ProposalDecision(
            proposal_id=proposal.id, kind="screening", outcome=after.value,
            reason=reason or f"列入候选项目“{candidate.title}”。", candidate_id=candidate.id, at=now,
            by=actor.id,
        )
    )  # fmt: skip
    session.flush()


def link(
    session: Session,
    now: datetime,
    actor: Actor,
    candidate: Candidate,
    proposal: Proposal,
    reason: str,
) -> None:
    """Keep that a proposal stands behind a candidate from now on, and why."""
    session.add(CandidateSource(candidate_id=candidate.id, proposal_id=proposal.id))
    _keep(session, now, actor, candidate, proposal, "join", reason)


def leave(
    session: Session,
    now: datetime,
    actor: Actor,
    candidate: Candidate,
    proposal: Proposal,
    reason: str,
) -> None:
    """Keep that a proposal no longer stands behind a candidate, and why."""
    session.execute(
        delete(CandidateSource).where(
            CandidateSource.candidate_id == candidate.id,
            CandidateSource.proposal_id == proposal.id,
        )
    )
    _keep(session, now, actor, candidate, proposal, "leave", reason)


def leave_all(
    session: Session, now: datetime, actor: Actor, proposal: Proposal, reason: str
) -> None:
    """Take a proposal out of whatever candidate it stands behind; an emptied one is kept in reserve."""
    behind = (
        select(Candidate)
        .join(CandidateSource, CandidateSource.candidate_id == Candidate.id)
        .where(CandidateSource.proposal_id == proposal.id, Candidate.round_id == proposal.round_id)
    )
    for candidate in session.scalars(behind).all():
        if len(sources_of(session, candidate.id)) == 1:
            if candidate.state == CandidateState.LISTED:
                raise LastOnList(title=candidate.title)
            candidate.state = CandidateState.RESERVE.value
        leave(session, now, actor, candidate, proposal, reason)


def _keep(
    session: Session,
    now: datetime,
    actor: Actor,
    candidate: Candidate,
    proposal: Proposal,
    act: str,
    reason: str,
) -> None:
    session.add(
        MergeChange(
            round_id=candidate.round_id, candidate_id=candidate.id, proposal_id=proposal.id, act=act,
            reason=reason, at=now, by=actor.id,
        )
    )  # fmt: skip
    session.flush()
