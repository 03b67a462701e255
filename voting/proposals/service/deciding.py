"""How a proposal is moved from state to state, and how each decision about it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate, Proposal, ProposalDecision
from voting.proposals.rules.states import (
    PROPOSAL_STATE_NAMES,
    ProposalState,
    WrongProposalState,
    proposal_sources,
)
from voting.rounds.models import Round


@dataclass(frozen=True)
class DecisionLine:
    """A decision with the names it refers to: who decided, and the candidate it led to."""

    decision: ProposalDecision
    officer: str
    candidate: str

    @property
    def outcome_name(self) -> str:
        """The Chinese name of what was decided."""
        return PROPOSAL_STATE_NAMES[ProposalState(self.decision.outcome)]


def move(session: Session, proposal: Proposal, act: str, after: ProposalState) -> None:
    """Take a proposal one step on; of two who decide at once the second is refused.

    Raises WrongProposalState where the act does not lead from where the proposal stands.
    """
    sources = [state.value for state in proposal_sources(act, after)]
    moved = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.state.in_(sources))
        .values(state=after.value)
        .returning(Proposal.id)
    ).one_or_none()
    session.refresh(proposal, ["state"])
    if moved is None:
        name = PROPOSAL_STATE_NAMES[ProposalState(proposal.state)]
        raise WrongProposalState(title=proposal.title, state=name)


def journal(
    session: Session, actor: Actor, act: str, now: datetime, round: Round, proposal: Proposal
) -> None:
    """Write down what was done with a proposal; its words and its proposer are left out."""
    record(
        session, actor, act, now=now, kind="proposal", id=proposal.id, area_path=round.area.path,
        round=round.id, outcome=proposal.state,
    )  # fmt: skip


def in_order() -> tuple[ColumnElement[Any], ...]:
    """Return the order in which decisions were made; of one moment, the acceptance first."""
    first = case((ProposalDecision.kind == "acceptance", 0), else_=1)
    return (ProposalDecision.at.expression, first, ProposalDecision.id.expression)


def decisions_of(session: Session, proposal_id: str) -> list[ProposalDecision]:
    """Return the decisions about a proposal, oldest first."""
    about = select(ProposalDecision).where(ProposalDecision.proposal_id == proposal_id)
    return list(session.scalars(about.order_by(*in_order())))


def decision_lines(session: Session, proposal_id: str) -> Sequence[DecisionLine]:
    """Return the decisions about a proposal with the names in them, latest first."""
    rows = session.execute(
        select(ProposalDecision, Officer.name, Candidate.title)
        .outerjoin(Officer, Officer.id == ProposalDecision.by)
        .outerjoin(Candidate, Candidate.id == ProposalDecision.candidate_id)
        .where(ProposalDecision.proposal_id == proposal_id)
        .order_by(*in_order())
    )
    lines = [DecisionLine(one, name or "", title or "") for one, name, title in rows]
    return lines[::-1]
