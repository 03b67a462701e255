"""Proposals, candidates, photographs."""

import io
from dataclasses import replace

from PIL import Image
from sqlalchemy.orm import Session

from tests.factories.areas import NOW
from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.proposals.models import Candidate, Proposal
from voting.proposals.rules import CandidateFacts, ProposalFacts
from voting.proposals.service import enter_proposal, shortlist
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
