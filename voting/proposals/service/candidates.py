"""Candidates: found, and what is written of them, until the vote is announced."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import (
    CATEGORY_NAMES,
    Candidate,
    CandidateReview,
    CandidateSource,
    Category,
    Proposal,
)
from voting.proposals.rules import HIGHEST_NUMBER, CandidateFacts, next_free_number
from voting.proposals.service.entering import open_round
from voting.reading import WAN, written_amount
from voting.rounds.models import Round
from voting.rounds.rules import FROZEN, Allocation


class NothingChosen(Refusal):
    """A candidate needs a proposal it is made of."""

    msgid = "请先在建议列表里勾选一条或几条建议，再合并成候选项目。"


class ProposalTaken(Refusal):
    """A proposal stands behind another candidate."""

    msgid = "建议“%(title)s”已经列入候选项目“%(candidate)s”，不能再列一次。"


class ProposalUndecided(Refusal):
    """Only what has been accepted can become a candidate."""

    msgid = "建议“%(title)s”现在是“%(state)s”，不能合并成候选项目。请先受理、初审。"


class NumberTaken(Refusal):
    """Two candidates cannot have one number."""

    msgid = "%(number)d 号已经是“%(title)s”。请换一个编号，或者先改它的编号。"
    field = "ballot_number"


class NumbersNotDistinct(Refusal):
    """The new numbers are not one number for each candidate on the list."""

    msgid = "编号不能重复，每个候选项目要有一个 1 到 %(most)d 之间的编号。"


class CostAboveBudget(Refusal):
    """It could never be funded."""

    msgid = (
        "造价超过了本轮资金总额（%(budget)s %(unit)s），不可能入选。请核对造价，或拆成几个项目。"
    )
    field = "cost"


class CostAboveLimit(Refusal):
    """One work of this category may not cost so much in this round."""

    msgid = "%(category)s单项最多 %(limit)s %(unit)s。请核对造价，或拆成几个项目。"
    field = "cost"


class SettledAtReview(Refusal):
    """What the street's review settled is not changed in passing."""

    msgid = "预算、受益人数和地点是街道联审核定的，不能在这里改。要改请街道重新联审。"
    field = "cost"


def candidates_of(session: Session, round_id: str) -> list[Candidate]:
    """Return the candidates on the list, by ballot number."""
    on_list = (Candidate.round_id == round_id, Candidate.ballot_number.is_not(None))
    return list(
        session.scalars(select(Candidate).where(*on_list).order_by(Candidate.ballot_number))
    )


def public_candidates(session: Session, round: Round, *, now: datetime) -> list[Candidate]:
    """Return the list as anybody may read it: none before the announcement, while it may still change."""
    stands = round.frozen_at is not None or round.phase_at(now) in FROZEN
    return candidates_of(session, round.id) if stands else []


def off_list(session: Session, round_id: str) -> list[Candidate]:
    """Return the candidates that are not on the list: nominated, or kept in reserve."""
    off = (Candidate.round_id == round_id, Candidate.ballot_number.is_(None))
    return list(session.scalars(select(Candidate).where(*off).order_by(Candidate.title)))


def get_candidate(session: Session, candidate_id: str, *, round_id: str) -> Candidate:
    """Return a candidate of this round; raise NotFound for another round's as for none."""
    candidate = session.get(Candidate, candidate_id) if candidate_id.isalnum() else None
    if candidate is None or candidate.round_id != round_id:
        raise NotFound
    return candidate


def proposals_behind(session: Session, round_id: str) -> dict[str, list[Proposal]]:
    """Return the proposals behind each candidate of a round, by the candidate's id."""
    rows = session.execute(
        select(CandidateSource.candidate_id, Proposal)
        .join(Proposal, Proposal.id == CandidateSource.proposal_id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(Candidate.round_id == round_id)
        .order_by(Proposal.entered_at, Proposal.id)
    )
    behind: defaultdict[str, list[Proposal]] = defaultdict(list)
    for candidate_id, proposal in rows:
        behind[candidate_id].append(proposal)
    return dict(behind)


def next_number(session: Session, round_id: str) -> int:
    """Return the smallest ballot number nobody has."""
    return next_free_number(
        candidate.ballot_number or 0 for candidate in candidates_of(session, round_id)
    )


def sources_of(session: Session, candidate_id: str) -> list[Proposal]:
    """Return the proposals behind one candidate, oldest first."""
    behind = (
        select(Proposal)
        .join(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .where(CandidateSource.candidate_id == candidate_id)
    )
    return list(session.scalars(behind.order_by(Proposal.entered_at, Proposal.id)))


def candidate_behind(session: Session, proposal: Proposal) -> Candidate | None:
    """Return the candidate that a proposal stands behind in its own round."""
    return session.scalar(
        select(Candidate)
        .join(CandidateSource, CandidateSource.candidate_id == Candidate.id)
        .where(CandidateSource.proposal_id == proposal.id, Candidate.round_id == proposal.round_id)
        .limit(1)
    )


def change_candidate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    candidate_id: str,
    facts: CandidateFacts,
    ballot_number: int | None = None,
) -> Candidate:
    """Change what the list says of a candidate; without a number it keeps the one it has."""
    round = open_round(session, round_id)
    candidate = get_candidate(session, candidate_id, round_id=round_id)
    _check_settled(session, candidate, facts)
    write_facts(round, candidate, facts)
    if candidate.ballot_number is not None:
        give_number(session, candidate, ballot_number or candidate.ballot_number)
    note_candidate(session, actor, "candidate.change", now, round, candidate)
    return candidate


def last_review(session: Session, candidate_id: str) -> CandidateReview | None:
    """Return the latest review of a candidate, if the street has reviewed it."""
    about = select(CandidateReview).where(CandidateReview.candidate_id == candidate_id)
    return session.scalar(about.order_by(CandidateReview.at.desc(), CandidateReview.id).limit(1))


def check_cost(round: Round, category: str | None, cost: int) -> None:
    """Refuse a cost that the round's money, or its limit for the category, cannot cover."""
    if cost > round.budget and round.allocation != Allocation.TOP_K:
        amount, unit = written_amount(round.budget)
        raise CostAboveBudget(budget=amount, unit="万元" if unit == WAN else "元")
    if category is None:
        return
    limit: int | None = getattr(round, f"limit_{category}")
    if limit is not None and cost > limit:
        amount, unit = written_amount(limit)
        name = CATEGORY_NAMES[Category(category)]
        raise CostAboveLimit(category=name, limit=amount, unit="万元" if unit == WAN else "元")


def write_facts(round: Round, candidate: Candidate, facts: CandidateFacts) -> None:
    """Write what the ballot will say of a candidate; raise CostAboveBudget or CostAboveLimit."""
    check_cost(round, facts.category, facts.cost)
    candidate.title, candidate.category = facts.title, facts.category
    candidate.place, candidate.sentence = facts.place, facts.sentence
    candidate.description, candidate.picture = facts.description, facts.picture
    candidate.cost, candidate.beneficiaries = facts.cost, facts.beneficiaries


def give_number(session: Session, candidate: Candidate, number: int) -> None:
    """Give a candidate its number on the ballot; raise NumberTaken or NumbersNotDistinct."""
    if not 0 < number <= HIGHEST_NUMBER:
        raise NumbersNotDistinct(field="ballot_number", most=HIGHEST_NUMBER)
    with session.no_autoflush:
        other = session.scalar(
            select(Candidate).where(
                Candidate.round_id == candidate.round_id, Candidate.ballot_number == number
            )
        )
    if other is not None and other is not candidate:
        raise NumberTaken(number=number, title=other.title)
    candidate.ballot_number = number
    try:
        session.flush()
    except IntegrityError as taken:  # the unique key decides, should the lock ever be forgotten
        raise NumberTaken(number=number, title="") from taken


def note_candidate(
    session: Session,
    actor: Actor,
    act: str,
    now: datetime,
    round: Round,
    candidate: Candidate,
    **details: object,
) -> None:
    """Write down what was done with a candidate."""
    session.flush()
    record(
        session, actor, act, now=now, kind="candidate", id=candidate.id,
        area_path=round.area.path, round=round.id, number=candidate.ballot_number, **details,
    )  # fmt: skip


def _check_settled(session: Session, candidate: Candidate, facts: CandidateFacts) -> None:
    review = last_review(session, candidate.id)
    settled = (candidate.cost, candidate.beneficiaries, candidate.place)
    if review is None or not review.is_passed:
        return
    if (facts.cost, facts.beneficiaries, facts.place) != settled:
        raise SettledAtReview
