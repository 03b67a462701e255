"""The desk's queue of a round's proposals: by state, undecided first, found by words or a whole name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.proposals.models import (
    CATEGORY_NAMES,
    Appeal,
    Candidate,
    CandidateSource,
    Category,
    Proposal,
    ProposalPhoto,
)
from voting.proposals.rules import (
    PROPOSAL_STATE_NAMES,
    ProposalState,
    masked_name,
    masked_phone,
)
from voting.proposals.rules.states import UNDECIDED
from voting.proposals.service.entering import proposer_of
from voting.proposals.service.persons import person_key

PER_PAGE = 50
_HOUR = 3600


@dataclass(frozen=True)
class ProposalLine:
    """A proposal as the list shows it; the proposer is masked, ``candidate`` is what it became."""

    proposal: Proposal
    proposer: str
    phone: str
    candidate: Candidate | None
    photos: int = 0
    is_appealed: bool = False

    @property
    def category_name(self) -> str:
        """The Chinese name of the category."""
        return CATEGORY_NAMES[Category(self.proposal.category)]

    @property
    def state_name(self) -> str:
        """The Chinese name of the state."""
        return PROPOSAL_STATE_NAMES[ProposalState(self.proposal.state)]

    def hours_at(self, now: datetime) -> int | None:
        """Return how many whole hours it has waited for a decision; None once it has one."""
        if self.proposal.state not in (ProposalState.RECEIVED, ProposalState.ACCEPTED):
            return None
        return max(int((now - self.proposal.entered_at).total_seconds()) // _HOUR, 0)


@dataclass(frozen=True)
class ProposalPage:
    """One page of proposals; pages count from 1; ``counts`` are of the whole round, by state."""

    lines: Sequence[ProposalLine]
    page: int
    pages: int
    total: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        """How many proposals the round has."""
        return sum(self.counts.values())


def proposals_in(
    session: Session,
    keys: Keyring,
    round_id: str,
    *,
    page: int = 1,
    search: str = "",
    state: str = "",
) -> ProposalPage:
    """Return a page of a round's proposals: undecided first, of those the oldest first.

    ``search`` finds words, or a whole name; ``state`` narrows to one state.
    """
    wanted = [Proposal.round_id == round_id]
    if search:
        wanted.append(_matches(keys, search))
    if state:
        wanted.append(Proposal.state == state)
    total = session.scalar(select(func.count()).select_from(Proposal).where(*wanted)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    lines = _lines(session, keys, wanted, (page - 1) * PER_PAGE)
    return ProposalPage(lines, page, pages, total, counts_of(session, round_id))


def counts_of(session: Session, round_id: str) -> dict[str, int]:
    """Return how many proposals of a round stand in each state."""
    rows = session.execute(
        select(Proposal.state, func.count().label("number"))
        .where(Proposal.round_id == round_id)
        .group_by(Proposal.state)
    )
    return {row.state: row.number for row in rows}


def _lines(
    session: Session, keys: Keyring, wanted: Sequence[ColumnElement[bool]], offset: int
) -> list[ProposalLine]:
    photos = (
        select(func.count())
        .where(ProposalPhoto.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    appealed = (
        select(Appeal.proposal_id)
        .where(Appeal.proposal_id == Proposal.id, Appeal.decided_at.is_(None))
        .correlate(Proposal)
        .exists()
    )
    # A candidate taken from the reserve stands, in another round, for the same proposals.
    own = (
        select(CandidateSource.proposal_id, CandidateSource.candidate_id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .join(Proposal, Proposal.id == CandidateSource.proposal_id)
        .where(Candidate.round_id == Proposal.round_id)
        .subquery()
    )
    rows = session.execute(
        select(Proposal, Candidate, photos, appealed)
        .outerjoin(own, own.c.proposal_id == Proposal.id)
        .outerjoin(Candidate, Candidate.id == own.c.candidate_id)
        .where(*wanted)
        .order_by(_urgency(), Proposal.entered_at, Proposal.id)
        .limit(PER_PAGE)
        .offset(offset)
    )
    return [
        ProposalLine(proposal, *_masked(keys, proposal), candidate, photos=number, is_appealed=asks)
        for proposal, candidate, number, asks in rows
    ]


def _urgency() -> ColumnElement[int]:
    """Return what waits for the desk first, then what waits for its proposer, then what is decided."""
    return case(
        (Proposal.state.in_([state.value for state in UNDECIDED[:2]]), 0),
        (Proposal.state == ProposalState.RETURNED, 1),
        else_=2,
    )


def _matches(keys: Keyring, search: str) -> ColumnElement[bool]:
    fields = (Proposal.title, Proposal.place, Proposal.reason)
    return or_(
        *(field.contains(search, autoescape=True) for field in fields),
        Proposal.proposer_key == person_key(keys, search),
    )


def _masked(keys: Keyring, proposal: Proposal) -> tuple[str, str]:
    name, phone = proposer_of(proposal, keys)
    return masked_name(name) if name else "", masked_phone(phone) if phone else ""
