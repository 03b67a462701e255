"""Appeals against a screening: another officer at the street decides, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from voting.accounts.models import Officer
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Appeal, Proposal, ProposalDecision
from voting.proposals.rules import PROPOSAL_STATE_NAMES, ProposalState
from voting.proposals.rules.screening import (
    Answers,
    DecisionReasonMissing,
    Verdict,
    check_verdict,
)
from voting.proposals.service.deciding import move
from voting.proposals.service.entering import get_proposal, open_round
from voting.proposals.service.joining import leave_all
from voting.proposals.service.screening import decide

PER_PAGE = 50


class SameOfficer(Refusal):
    """Nobody judges their own decision."""

    msgid = "这条建议是您审核的，复核要由街道的另一位工作人员来做。"


class AppealDecided(Refusal):
    """Of two who decide at once the second finds it decided."""

    msgid = "这件复核申请已经处理过了。请刷新页面看结果。"


class SameOutcome(Refusal):
    """An appeal that is upheld changes something."""

    msgid = "新结论和原来一样。维持原结论的，请选“维持原来的结论”。"
    status = 422
    field = "outcome"


@dataclass(frozen=True)
class AppealLine:
    """An appeal with its proposal, and who decided what was appealed against."""

    appeal: Appeal
    proposal: Proposal
    against: str
    decided_by: str
    against_outcome: str

    @property
    def against_name(self) -> str:
        """The Chinese name of what was appealed against."""
        return PROPOSAL_STATE_NAMES[ProposalState(self.against_outcome)]


@dataclass(frozen=True)
class AppealPage:
    """One page of appeals; pages count from 1."""

    lines: Sequence[AppealLine]
    page: int
    pages: int
    total: int


def decide_appeal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    proposal_id: str,
    verdict: Verdict | None,
    reason: str,
) -> Appeal:
    """Decide an appeal: a verdict takes the place of the first decision, None lets that stand.

    Raises NotFound, RulesFrozen, NotTakingProposals, AppealDecided, SameOfficer, SameOutcome,
    WrongProposalState, or what the verdict lacks.
    """
    round = open_round(session, round_id)
    proposal = get_proposal(session, proposal_id, round_id=round_id)
    appeal = appeal_of(session, proposal_id)
    if appeal is None:
        raise NotFound
    if appeal.against_by == actor.id:
        raise SameOfficer
    if not reason:
        raise DecisionReasonMissing
    _close(session, now, actor, appeal, is_upheld=verdict is not None, reason=reason)
    if verdict is None:
        _let_stand(session, now, actor, proposal, reason)
    else:
        _replace(session, now, actor, proposal, verdict)
    record(
        session, actor, "proposal.appeal", now=now, kind="proposal", id=proposal.id,
        area_path=round.area.path, round=round_id, upheld=verdict is not None,
        outcome=proposal.state,
    )  # fmt: skip
    return appeal


def appeal_of(session: Session, proposal_id: str) -> Appeal | None:
    """Return the appeal about a proposal, if one was made."""
    return session.get(Appeal, proposal_id, populate_existing=True)


def appeals_in(session: Session, round_id: str, *, page: int = 1) -> AppealPage:
    """Return a page of a round's appeals: undecided first, oldest first."""
    about = Proposal.round_id == round_id
    counting = select(func.count()).select_from(Appeal).join(Proposal).where(about)
    total = session.scalar(counting) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    against, decider = aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(Appeal, Proposal, against.name, decider.name, ProposalDecision.outcome)
        .join(Proposal, Proposal.id == Appeal.proposal_id)
        .join(ProposalDecision, ProposalDecision.id == Appeal.decision_id)
        .outerjoin(against, against.id == Appeal.against_by)
        .outerjoin(decider, decider.id == Appeal.decided_by)
        .where(about)
        .order_by(Appeal.decided_at.is_not(None), Appeal.made_at, Appeal.proposal_id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    lines = [
        AppealLine(appeal, proposal, by or "", decided or "", outcome)
        for appeal, proposal, by, decided, outcome in rows
    ]
    return AppealPage(lines, page, pages, total)


def _close(
    session: Session, now: datetime, actor: Actor, appeal: Appeal, *, is_upheld: bool, reason: str
) -> None:
    closed = session.execute(
        update(Appeal)
        .where(Appeal.proposal_id == appeal.proposal_id, Appeal.decided_at.is_(None))
        .values(is_upheld=is_upheld, reason=reason, decided_at=now, decided_by=actor.id)
        .returning(Appeal.proposal_id)
    ).one_or_none()
    session.refresh(appeal)
    if closed is None:
        raise AppealDecided


def _let_stand(
    session: Session, now: datetime, actor: Actor, proposal: Proposal, reason: str
) -> None:
    session.add(
        ProposalDecision(
            proposal_id=proposal.id, kind="appeal", outcome=proposal.state, reason=reason, at=now,
            by=actor.id,
        )
    )  # fmt: skip
    session.flush()


def _replace(
    session: Session, now: datetime, actor: Actor, proposal: Proposal, verdict: Verdict
) -> None:
    check_verdict(verdict)
    if verdict.outcome == proposal.state and verdict.outcome is not ProposalState.MERGED:
        raise SameOutcome
    leave_all(session, now, actor, proposal, verdict.reason)
    move(session, proposal, "proposal.uphold", verdict.outcome)
    decide(session, now, actor, proposal, verdict, kind="appeal", answers=Answers())
