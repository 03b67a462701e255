"""Proposals, candidates, photographs."""

import io
from dataclasses import replace

from PIL import Image
from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.proposals.models import Appeal, Candidate, Proposal, ProposalDecision
from voting.proposals.rules import CandidateFacts, ProposalFacts
from voting.proposals.service import ReviewFacts, enter_proposal, nominate, review, shortlist
from voting.rounds.models import Round

FACTS = ProposalFacts(
    title="给3栋加装无障碍扶手",
    category="engineering",
    place="3栋楼道",
    reason="楼里老人多，上下楼没有地方扶。",
    proposer_name="张建国",
    phone="13870001234",
)
CANDIDATE = CandidateFacts(
    title="加装无障碍扶手",
    category="engineering",
    place="3栋、4栋楼道",
    sentence="给两栋楼的楼道装上扶手，老人上下楼有地方扶。",
    cost=48_000_00,
    beneficiaries=120,
)
REVIEW = ReviewFacts(
    is_passed=True,
    cost=48_000_00,
    beneficiaries=120,
    place="3栋、4栋楼道",
    cost_basis="询价3家，取中间价",
    upkeep="由物业维护",
    reason="造价已经核定，同意进入推选大会。",
)
_ACTOR = Actor("factory", "工厂", "")


def proposal_facts(**changes: object) -> ProposalFacts:
    """Return what a paper form says, but for the given changes."""
    return replace(FACTS, **changes)  # type: ignore[arg-type]  # the fields of a form


def candidate_facts(**changes: object) -> CandidateFacts:
    """Return what a ballot says of a candidate, but for the given changes."""
    return replace(CANDIDATE, **changes)  # type: ignore[arg-type]  # the fields of a candidate


def make_proposal(session: Session, keys: Keyring, round: Round, **changes: object) -> Proposal:
    """Enter a paper proposal; the round must be taking some."""
    return enter_proposal(
        session,
        now=NOW,
        actor=_ACTOR,
        keys=keys,
        round_id=round.id,
        facts=proposal_facts(**changes),
    )


def make_candidate(
    session: Session,
    keys: Keyring,
    round: Round,
    *,
    proposer: str = "张建国",
    phone: str = "",
    number: int | None = None,
    **changes: object,
) -> Candidate:
    """Put a candidate on the list, made of one proposal of its own."""
    proposal = make_proposal(session, keys, round, proposer_name=proposer, phone=phone)
    return shortlist(
        session,
        now=NOW,
        actor=_ACTOR,
        round_id=round.id,
        proposal_ids=[proposal.id],
        facts=candidate_facts(**changes),
        ballot_number=number,
    )


def send_from_phone(session: Session, keys: Keyring, round: Round, **changes: object) -> Proposal:
    """Make a proposal that a resident has sent and nobody at the desk has looked at."""
    proposal = make_proposal(session, keys, round, **changes)
    proposal.source, proposal.state, proposal.entered_by = "phone", "received", "proposer"
    session.flush()
    return proposal


def make_appeal(session: Session, proposal: Proposal, *, by: str = "worker") -> Appeal:
    """Let a proposer appeal against a decision of the officer ``by``."""
    decision = ProposalDecision(
        proposal_id=proposal.id,
        kind="screening",
        outcome=proposal.state,
        reason="不办",
        at=NOW,
        by=by,
    )
    session.add(decision)
    session.flush()
    appeal = Appeal(
        proposal_id=proposal.id,
        decision_id=decision.id,
        against_by=by,
        words="楼里老人真的需要，请再看一次。",
        made_at=NOW,
    )
    session.add(appeal)
    session.flush()
    return appeal


def make_nominated(
    session: Session, keys: Keyring, round: Round, *, proposals: int = 1, **changes: object
) -> Candidate:
    """Make a candidate of some proposals of its own that waits for its review."""
    made = [make_proposal(session, keys, round) for _ in range(proposals)]
    return nominate(
        session,
        now=NOW,
        actor=_ACTOR,
        round_id=round.id,
        proposal_ids=[proposal.id for proposal in made],
        facts=candidate_facts(**changes),
    )


def review_facts(**changes: object) -> ReviewFacts:
    """Return what the street settles, but for the given changes."""
    return replace(REVIEW, **changes)  # type: ignore[arg-type]  # the fields of a review


def pass_review(session: Session, candidate: Candidate, **changes: object) -> None:
    """Let the street pass a candidate."""
    review(
        session,
        now=NOW,
        actor=_ACTOR,
        round_id=candidate.round_id,
        candidate_id=candidate.id,
        facts=review_facts(**changes),
    )


def photograph(
    *,
    size: tuple[int, int] = (1600, 1200),
    kind: str = "JPEG",
    colour: str = "seagreen",
    **options: object,
) -> bytes:
    """Return a picture file."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()
