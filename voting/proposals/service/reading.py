"""What the desk reads of one proposal: photographs, what is like it, what it could be merged with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.proposals.models import Candidate, CandidateSource, Proposal, ProposalPhoto
from voting.proposals.rules.likeness import Described, most_alike
from voting.proposals.rules.states import CandidateState, ProposalState
from voting.proposals.service.entering import get_proposal, proposer_of
from voting.rounds.models import Round

_MOST_COMPARED = 2_000
_MOST_TARGETS = 200


class NoTelephone(Refusal):
    """Nobody left a number."""

    msgid = "这条建议没有留电话。"


@dataclass(frozen=True)
class Target:
    """What a proposal may be merged with; ``key`` is ``candidate:…`` or ``proposal:…``."""

    key: str
    title: str
    is_candidate: bool


def photos_of_one(session: Session, proposal_id: str) -> list[str]:
    """Return the digests of a proposal's photographs, in their order."""
    of = select(ProposalPhoto.digest).where(ProposalPhoto.proposal_id == proposal_id)
    return list(session.scalars(of.order_by(ProposalPhoto.position)))


def show_phone(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round: Round, proposal_id: str
) -> str:
    """Return the proposer's telephone in full, and write down who looked; raise NotFound or NoTelephone."""
    proposal = get_proposal(session, proposal_id, round_id=round.id)
    _, phone = proposer_of(proposal, keys)
    if not phone:
        raise NoTelephone
    record(
        session, actor, "proposal.show_phone", now=now, kind="proposal", id=proposal.id,
        area_path=round.area.path, round=round.id,
    )  # fmt: skip
    return phone


def similar_to(session: Session, proposal: Proposal) -> list[Proposal]:
    """Return the proposals of the round that are most like one, the likest first."""
    others = session.execute(
        select(Proposal.id, Proposal.title, Proposal.place)
        .where(Proposal.round_id == proposal.round_id, Proposal.id != proposal.id)
        .order_by(Proposal.entered_at.desc(), Proposal.id)
        .limit(_MOST_COMPARED)
    )
    described = [Described(key=row.id, title=row.title, place=row.place) for row in others]
    alike = most_alike(proposal.title, proposal.place, described)
    found = session.scalars(select(Proposal).where(Proposal.id.in_([one.key for one in alike])))
    by_id = {one.id: one for one in found}
    return [by_id[one.key] for one in alike]


def targets_for(session: Session, proposal: Proposal, similar: Sequence[Proposal]) -> list[Target]:
    """Return what a proposal may be merged with: candidates, then passed proposals, the like ones first."""
    still_open = [CandidateState.NOMINATED, CandidateState.RESERVE, CandidateState.LISTED]
    candidates = session.scalars(
        select(Candidate)
        .where(
            Candidate.round_id == proposal.round_id,
            Candidate.state.in_([state.value for state in still_open]),
        )
        .order_by(Candidate.ballot_number.is_(None), Candidate.ballot_number, Candidate.title)
        .limit(_MOST_TARGETS)
    )
    behind = select(CandidateSource.proposal_id).where(CandidateSource.proposal_id == Proposal.id)
    alone = session.scalars(
        select(Proposal)
        .where(
            Proposal.round_id == proposal.round_id,
            Proposal.id != proposal.id,
            Proposal.state == ProposalState.PASSED,
            ~behind.exists(),
        )
        .order_by(Proposal.title, Proposal.id)
        .limit(_MOST_TARGETS)
    ).all()
    near = [one.id for one in similar]
    ordered = sorted(alone, key=lambda one: near.index(one.id) if one.id in near else len(near))
    return [
        *(Target(f"candidate:{one.id}", one.title, is_candidate=True) for one in candidates),
        *(Target(f"proposal:{one.id}", one.title, is_candidate=False) for one in ordered),
    ]
