"""The street's review (联审) settles cost, beneficiaries and place of a candidate, and whether it passes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.proposals.models import Candidate, CandidateReview, ProposalDecision
from voting.proposals.rules import ProposalState
from voting.proposals.rules.states import CandidateState
from voting.proposals.service.candidates import check_cost, note_candidate, sources_of
from voting.proposals.service.deciding import move
from voting.proposals.service.entering import open_round
from voting.proposals.service.merging import open_candidate
from voting.rounds.models import Round


class ReviewReasonMissing(Refusal):
    """The proposers read why."""

    msgid = "请写联审意见，建议人会看到。"
    status = 422
    field = "reason"


class CostBasisMissing(Refusal):
    """A cost that rests on nothing is not settled."""

    msgid = "通过联审要写清造价的依据，例如：询价 3 家，取中间价。"
    status = 422
    field = "cost_basis"


class UpkeepMissing(Refusal):
    """Somebody pays when it breaks."""

    msgid = "通过联审要写清以后谁来维护、钱从哪里出。"
    status = 422
    field = "upkeep"


class NothingBehind(Refusal):
    """A candidate nobody proposed is not reviewed."""

    msgid = "“%(title)s”里面已经没有建议了，不能联审。"


class TakeOffFirst(Refusal):
    """What stands on the list has been chosen by the meeting."""

    msgid = "“%(title)s”已经在候选名单上。联审不通过的，请先把它移出候选名单。"


@dataclass(frozen=True, kw_only=True)
class ReviewFacts:
    """What the street settles; money in cents. The proposers read ``reason``."""

    is_passed: bool
    cost: int
    beneficiaries: int
    place: str
    cost_basis: str
    upkeep: str
    reason: str


@dataclass(frozen=True)
class ReviewLine:
    """A review and the name of the officer who entered it."""

    review: CandidateReview
    officer: str


def review(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    facts: ReviewFacts,
) -> CandidateReview:
    """Review a candidate; it and the proposals behind it follow. A later review takes the place of this.

    Raises NotFound, RulesFrozen, NotTakingProposals, WrongCandidateState, CostAboveBudget or CostAboveLimit.
    """
    round = open_round(session, round_id)
    candidate = open_candidate(session, candidate_id, round_id)
    _check(candidate, facts)
    if facts.is_passed:
        _settle(round, candidate, facts)
    behind = [one for one in sources_of(session, candidate.id) if one.round_id == round_id]
    made = CandidateReview(
        round_id=round_id, candidate_id=candidate.id, is_passed=facts.is_passed, cost=facts.cost,
        beneficiaries=facts.beneficiaries, place=facts.place, cost_basis=facts.cost_basis,
        upkeep=facts.upkeep, reason=facts.reason, at=now, by=actor.id,
    )  # fmt: skip
    session.add(made)
    after = ProposalState.REVIEW_PASSED if facts.is_passed else ProposalState.REVIEW_FAILED
    for proposal in behind:
        move(session, proposal, "proposal.review", after)
        session.add(
            ProposalDecision(
                proposal_id=proposal.id, kind="review", outcome=after.value, reason=facts.reason,
                candidate_id=candidate.id, at=now, by=actor.id,
            )
        )  # fmt: skip
    note_candidate(
        session, actor, "candidate.review", now, round, candidate, passed=facts.is_passed
    )
    return made


def reviews_of(session: Session, candidate_id: str) -> list[ReviewLine]:
    """Return the reviews of a candidate, latest first."""
    rows = session.execute(
        select(CandidateReview, Officer.name)
        .outerjoin(Officer, Officer.id == CandidateReview.by)
        .where(CandidateReview.candidate_id == candidate_id)
        .order_by(CandidateReview.at.desc(), CandidateReview.id)
    )
    return [ReviewLine(one, name or "") for one, name in rows]


def last_reviews(session: Session, candidate_ids: Iterable[str]) -> dict[str, CandidateReview]:
    """Return the latest review of each of these candidates that has one, by the candidate's id."""
    wanted = list(candidate_ids)
    rows = session.scalars(
        select(CandidateReview)
        .where(CandidateReview.candidate_id.in_(wanted))
        .order_by(CandidateReview.at, CandidateReview.id.desc())
    )
    return {one.candidate_id: one for one in rows}


def _settle(round: Round, candidate: Candidate, facts: ReviewFacts) -> None:
    check_cost(round, candidate.category, facts.cost)
    candidate.cost, candidate.beneficiaries = facts.cost, facts.beneficiaries
    candidate.place = facts.place


def _check(candidate: Candidate, facts: ReviewFacts) -> None:
    if not facts.reason:
        raise ReviewReasonMissing
    if not facts.is_passed:
        if candidate.state == CandidateState.LISTED:
            raise TakeOffFirst(title=candidate.title)
        return
    if not facts.cost_basis:
        raise CostBasisMissing
    if not facts.upkeep:
        raise UpkeepMissing
