"""The reserve (储备库): what was not chosen waits here, and may be taken into a later round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from voting.areas.models import Area
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.proposals.models import Candidate, CandidateSource
from voting.proposals.rules import CANDIDATE_STATE_NAMES, CandidateFacts, CandidateState
from voting.proposals.rules.states import KEPT_IN_RESERVE
from voting.proposals.service.candidates import note_candidate, sources_of, write_facts
from voting.proposals.service.entering import open_round
from voting.proposals.service.joining import link
from voting.rounds.models import Round

PER_PAGE = 50


class TakenAlready(Refusal):
    """It stands in this round already."""

    msgid = "“%(title)s”已经拿到这一轮了，不用再拿。"


@dataclass(frozen=True)
class ReserveLine:
    """A candidate in reserve, the round it comes from, and whether this round has it already."""

    candidate: Candidate
    round_title: str
    is_taken: bool

    @property
    def state_name(self) -> str:
        """The Chinese name of the state."""
        return CANDIDATE_STATE_NAMES[CandidateState(self.candidate.state)]


@dataclass(frozen=True)
class ReservePage:
    """One page of the reserve; pages count from 1."""

    lines: Sequence[ReserveLine]
    page: int
    pages: int
    total: int


def reserve_for(session: Session, round: Round, *, page: int = 1) -> ReservePage:
    """Return a page of what other rounds of this area left in reserve, the latest round first."""
    wanted = _kept_for(round)
    counting = select(func.count()).select_from(Candidate).join(Round).join(Round.area)
    total = session.scalar(counting.where(*wanted)) or 0
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    rows = session.execute(
        select(Candidate, Round.title, _is_taken(round.id))
        .join(Round, Round.id == Candidate.round_id)
        .join(Round.area)
        .where(*wanted)
        .order_by(Round.opens_at.desc(), Candidate.title, Candidate.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return ReservePage([ReserveLine(*row) for row in rows], page, pages, total)


def take_from_reserve(
    session: Session, *, now: datetime, actor: Actor, round_id: str, candidate_id: str
) -> Candidate:
    """Nominate in this round what an earlier one left in reserve; the proposals behind it come along.

    Raises NotFound, RulesFrozen, NotTakingProposals, TakenAlready, CostAboveBudget or CostAboveLimit.
    """
    round = open_round(session, round_id)
    kept = session.scalar(
        select(Candidate)
        .join(Round, Round.id == Candidate.round_id)
        .join(Round.area)
        .where(Candidate.id == candidate_id, *_kept_for(round))
    )
    if kept is None:
        raise NotFound
    if session.scalar(select(_is_taken(round_id)).where(Candidate.id == kept.id)):
        raise TakenAlready(title=kept.title)
    copy = Candidate(round_id=round_id, state=CandidateState.NOMINATED.value)
    write_facts(round, copy, _facts_of(kept))
    session.add(copy)
    session.flush()
    origin = session.get_one(Round, kept.round_id)
    for proposal in sources_of(session, kept.id):
        link(session, now, actor, copy, proposal, f"从储备库拿来，原来在“{origin.title}”。")
    note_candidate(session, actor, "candidate.take", now, round, copy, origin=kept.id)
    return copy


def _kept_for(round: Round) -> tuple[ColumnElement[bool], ...]:
    with_proposals = exists().where(CandidateSource.candidate_id == Candidate.id)
    return (
        Candidate.state.in_([state.value for state in KEPT_IN_RESERVE]),
        Candidate.round_id != round.id,
        Round.kind == round.kind,
        Area.path.startswith(round.area.path, autoescape=True),
        with_proposals,
    )


def _is_taken(round_id: str) -> ColumnElement[bool]:
    """Say whether a candidate of this round stands for a proposal of the one that is asked about."""
    here, mine, theirs = aliased(Candidate), aliased(CandidateSource), aliased(CandidateSource)
    return (
        select(here.id)
        .join(mine, mine.candidate_id == here.id)
        .join(theirs, theirs.proposal_id == mine.proposal_id)
        .where(here.round_id == round_id, theirs.candidate_id == Candidate.id)
        .correlate(Candidate)
        .exists()
    )


def _facts_of(kept: Candidate) -> CandidateFacts:
    return CandidateFacts(
        title=kept.title, category=kept.category or "", place=kept.place, sentence=kept.sentence,
        description=kept.description, picture=kept.picture, cost=kept.cost,
        beneficiaries=kept.beneficiaries,
    )  # fmt: skip
