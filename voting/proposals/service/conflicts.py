"""A candidate's proposer never monitors or tells: who is both is found here, whoever came first."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from voting.proposals.models import Candidate, CandidateSource, Proposal
from voting.rounds.models import Appointment

COUNTING_DUTIES = ("monitor", "teller")


@dataclass(frozen=True)
class Conflict:
    """An appointed person who seems to have proposed a candidate."""

    appointment_id: str
    name: str
    duty: str
    number: int
    candidate: str


def conflicts_of(session: Session, round_id: str) -> list[Conflict]:
    """Return the running appointments of a round that a candidate's proposer holds.

    Two people of one name are taken for one, unless both telephones are known and differ.
    """
    same_person = and_(
        Proposal.proposer_key == Appointment.person_key,
        or_(
            Proposal.phone_key.is_(None),
            Appointment.phone_key.is_(None),
            Proposal.phone_key == Appointment.phone_key,
        ),
    )
    rows = session.execute(
        select(Appointment, Candidate.ballot_number, Candidate.title)
        .join(Proposal, same_person)
        .join(CandidateSource, CandidateSource.proposal_id == Proposal.id)
        .join(Candidate, Candidate.id == CandidateSource.candidate_id)
        .where(
            Appointment.round_id == round_id,
            Appointment.ended_at.is_(None),
            Appointment.duty.in_(COUNTING_DUTIES),
            Candidate.round_id == round_id,
            Candidate.ballot_number.is_not(None),
        )
        .order_by(Candidate.ballot_number, Appointment.appointed_at)
    )
    return [Conflict(one.id, one.name, one.duty, number or 0, title) for one, number, title in rows]
