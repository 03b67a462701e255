"""Proposals from paper: entered, corrected, found again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.base import new_id
from voting.proposals.models import (
    CATEGORY_NAMES,
    Candidate,
    CandidateSource,
    Category,
    Proposal,
)
from voting.proposals.rules import ProposalFacts, masked_name, masked_phone
from voting.proposals.service.persons import (
    opened_name,
    opened_phone,
    person_key,
    phone_key,
    sealed_name,
    sealed_phone,
)
from voting.rounds.rules import Phase
from voting.rounds.service import hold_unfrozen

PER_PAGE = 50
OPEN_PHASES = (Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING, Phase.SHORTLISTED)


class NotTakingProposals(Refusal):
    """The round is not in a phase in which proposals become candidates."""

    msgid = "这个轮次现在不收建议，也不能改候选。要从街道批准后、发布投票公告前办理。"


@dataclass(frozen=True)
class ProposalLine:
    """A proposal as the list shows it; the proposer is masked, ``candidate`` is what it became."""

    proposal: Proposal
    proposer: str
    phone: str
    candidate: Candidate | None

    @property
    def category_name(self) -> str:
        """The Chinese name of the category."""
        return CATEGORY_NAMES[Category(self.proposal.category)]


@dataclass(frozen=True)
class ProposalPage:
    """One page of proposals; pages count from 1."""

    lines: Sequence[ProposalLine]
    page: int
    pages: int
    total: int


def enter_proposal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    facts: ProposalFacts,
) -> Proposal:
    """Enter a paper proposal; raise NotFound, RulesFrozen or NotTakingProposals."""
    round = hold_unfrozen(session, round_id)
    if round.phase not in OPEN_PHASES:
        raise NotTakingProposals
    id = new_id()
    proposal = Proposal(
        id=id,
        round_id=round_id,
        title=facts.title,
        category=facts.category,
        place=facts.place,
        reason=facts.reason,
        proposer_sealed=sealed_name(keys, id, facts.proposer_name),
        proposer_key=person_key(keys, facts.proposer_name),
        phone_sealed=sealed_phone(keys, id, facts.phone),
        phone_key=phone_key(keys, facts.phone),
        entered_at=now,
        entered_by=actor.id,
    )
    session.add(proposal)
    session.flush()
    record(
        session, actor, "proposal.enter", now=now, kind="proposal", id=id,
        area_path=round.area.path, round=round_id,
    )  # fmt: skip
    return proposal


def change_proposal(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    proposal_id: str,
    round_id: str,
    facts: ProposalFacts,
) -> Proposal:
    """Correct what was typed from the paper; raise NotFound, RulesFrozen or NotTakingProposals."""
    round = hold_unfrozen(session, round_id)
    proposal = get_proposal(session, proposal_id, round_id=round_id)
    if round.phase not in OPEN_PHASES:
        raise NotTakingProposals
    proposal.title, proposal.category = facts.title, facts.category
    proposal.place, proposal.reason = facts.place, facts.reason
    proposal.proposer_sealed = sealed_name(keys, proposal.id, facts.proposer_name)
    proposal.proposer_key = person_key(keys, facts.proposer_name)
    proposal.phone_sealed = sealed_phone(keys, proposal.id, facts.phone)
    proposal.phone_key = phone_key(keys, facts.phone)
    session.flush()
    record(
        session, actor, "proposal.change", now=now, kind="proposal", id=proposal.id,
        area_path=round.area.path, round=round_id,
    )  # fmt: skip
    return proposal


def get_proposal(session: Session, proposal_id: str, *, round_id: str) -> Proposal:
    """Return a proposal of this round; raise NotFound for another round's as for none."""
    proposal = session.get(Proposal, proposal_id) if proposal_id.isalnum() else None
    if proposal is None or proposal.round_id != round_id:
        raise NotFound
    return proposal


def proposer_of(proposal: Proposal, keys: Keyring) -> tuple[str, str]:
    """Return name and telephone in full, for the form in which they are corrected."""
    return (
        opened_name(keys, proposal.id, proposal.proposer_sealed),
        opened_phone(keys, proposal.id, proposal.phone_sealed),
    )


def proposals_in(
    session: Session, keys: Keyring, round_id: str, *, page: int = 1, search: str = ""
) -> ProposalPage:
    """Return a page of a round's proposals, latest first; ``search`` finds words, or a whole name."""
    wanted = [Proposal.round_id == round_id]
    if search:
        wanted.append(_matches(keys, search))
    total = session.scalar(select(func.count()).select_from(Proposal).where(*wanted)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(Proposal, Candidate)
        .outerjoin(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .outerjoin(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(*wanted)
        .order_by(Proposal.entered_at.desc(), Proposal.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    lines = [_line(keys, row.Proposal, row.Candidate) for row in rows]
    return ProposalPage(lines, page, pages, total)


def _matches(keys: Keyring, search: str) -> ColumnElement[bool]:
    fields = (Proposal.title, Proposal.place, Proposal.reason)
    return or_(
        *(field.contains(search, autoescape=True) for field in fields),
        Proposal.proposer_key == person_key(keys, search),
    )


def _line(keys: Keyring, proposal: Proposal, candidate: Candidate | None) -> ProposalLine:
    name, phone = proposer_of(proposal, keys)
    return ProposalLine(
        proposal=proposal,
        proposer=masked_name(name) if name else "",
        phone=masked_phone(phone) if phone else "",
        candidate=candidate,
    )
