"""What anybody may read of a round's proposals; nothing of who made them is even loaded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from voting.errors import NotFound
from voting.proposals.models import (
    CATEGORY_NAMES,
    Candidate,
    CandidateSource,
    Category,
    Proposal,
    ProposalPhoto,
)
from voting.proposals.rules.likeness import Described, most_alike
from voting.proposals.rules.states import HIDDEN, PROPOSAL_STATE_NAMES, ProposalState

PER_PAGE = 50
SHOWN_STATES = tuple(state for state in ProposalState if state not in HIDDEN)


@dataclass(frozen=True)
class PublicProposal:
    """A proposal as anybody may read it; ``candidate`` is what it became a part of."""

    id: str
    title: str
    place: str
    category: str
    reason: str
    state: str
    basis: str | None
    entered_at: datetime
    candidate: str | None = None
    candidate_number: int | None = None
    photos: Sequence[str] = ()

    @property
    def category_name(self) -> str:
        """The Chinese name of the category."""
        return CATEGORY_NAMES[Category(self.category)]

    @property
    def state_name(self) -> str:
        """The Chinese name of the state."""
        return PROPOSAL_STATE_NAMES[ProposalState(self.state)]


@dataclass(frozen=True)
class PublicPage:
    """One page of what is shown, pages count from 1; ``hidden`` counts the others by their state."""

    lines: Sequence[PublicProposal]
    page: int
    pages: int
    total: int
    hidden: Mapping[ProposalState, int] = field(default_factory=dict)
    shown: int = 0


def public_proposals(
    session: Session, round_id: str, *, page: int = 1, search: str = "", category: str = ""
) -> PublicPage:
    """Return a page of a round's proposals that have been accepted, newest first."""
    wanted = [Proposal.round_id == round_id, Proposal.state.in_(SHOWN_STATES)]
    if search:
        fields = (Proposal.title, Proposal.place, Proposal.reason)
        wanted.append(or_(*(field.contains(search, autoescape=True) for field in fields)))
    if category:
        wanted.append(Proposal.category == category)
    total = session.scalar(select(func.count()).select_from(Proposal).where(*wanted)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    query = _readable(*wanted).order_by(Proposal.entered_at.desc(), Proposal.id)
    lines = _lines(session, query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    by_state = counts_by_state(session, round_id)
    return PublicPage(
        lines=lines,
        page=page,
        pages=pages,
        total=total,
        hidden={state: by_state.get(state, 0) for state in HIDDEN},
        shown=sum(by_state.get(state, 0) for state in SHOWN_STATES),
    )


def public_proposal(session: Session, proposal_id: str, *, round_id: str) -> PublicProposal:
    """Return one proposal; one that is not shown is answered as one that is not there: NotFound."""
    wanted = (
        Proposal.id == proposal_id,
        Proposal.round_id == round_id,
        Proposal.state.in_(SHOWN_STATES),
    )
    found = _lines(session, _readable(*wanted))
    if not found:
        raise NotFound
    return found[0]


def counts_by_state(session: Session, round_id: str) -> dict[str, int]:
    """Return how many proposals of a round stand in each state."""
    rows = session.execute(
        select(Proposal.state, func.count().label("number"))
        .where(Proposal.round_id == round_id)
        .group_by(Proposal.state)
    )
    return {row.state: row.number for row in rows}


def similar_proposals(
    session: Session, round_id: str, *, title: str, place: str
) -> Sequence[PublicProposal]:
    """Return the shown proposals most like what somebody is about to send, the likest first.

    A proposal is compared under its own words and under those of the candidate it became a part of.
    """
    rows = session.execute(
        select(Proposal.id, Proposal.title, Proposal.place, Candidate.title, Candidate.place)
        .outerjoin(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .outerjoin(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(Proposal.round_id == round_id, Proposal.state.in_(SHOWN_STATES))
        .order_by(Proposal.entered_at, Proposal.id)
    ).all()
    others = [
        Described(id, words, where)
        for id, own, own_place, theirs, their_place in rows
        for words, where in ((own, own_place), (theirs, their_place))
        if words
    ]
    alike = [found.key for found in most_alike(title, place, others)]
    if not alike:
        return []
    found = {line.id: line for line in _lines(session, _readable(Proposal.id.in_(alike)))}
    return [found[id] for id in alike]


def photos_of(session: Session, proposal_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the digests of the photographs of these proposals, in their order."""
    rows = session.execute(
        select(ProposalPhoto.proposal_id, ProposalPhoto.digest)
        .where(ProposalPhoto.proposal_id.in_(proposal_ids))
        .order_by(ProposalPhoto.proposal_id, ProposalPhoto.position)
    )
    photos: defaultdict[str, list[str]] = defaultdict(list)
    for proposal_id, digest in rows:
        photos[proposal_id].append(digest)
    return dict(photos)


def _readable(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    # Columns, not rows: a sealed name that is not loaded cannot slip onto a page.
    return (
        select(
            Proposal.id,
            Proposal.title,
            Proposal.place,
            Proposal.category,
            Proposal.reason,
            Proposal.state,
            Proposal.basis,
            Proposal.entered_at,
            Candidate.title.label("candidate"),
            Candidate.ballot_number.label("candidate_number"),
        )
        .outerjoin(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .outerjoin(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(*wanted)
    )


def _lines(session: Session, query: Select[*tuple[Any, ...]]) -> list[PublicProposal]:
    rows = session.execute(query).all()
    photos = photos_of(session, [row.id for row in rows])
    return [PublicProposal(**row._mapping, photos=photos.get(row.id, ())) for row in rows]  # noqa: SLF001 -- SQLAlchemy documents this name
