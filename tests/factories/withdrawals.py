"""Candidates that two officers took off the list."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.proposals.models import Candidate, Withdrawal


def make_withdrawn(
    session: Session, round_id: str, number: int, *, at: datetime, reason: str = "管线冲突"
) -> Candidate:
    """Take the candidate with a ballot number off the list, as if two had done so."""
    session.flush()
    mine = (Candidate.round_id == round_id, Candidate.ballot_number == number)
    candidate = session.scalars(select(Candidate).where(*mine)).one()
    session.add(
        Withdrawal(
            round_id=round_id, candidate_id=candidate.id, reason=reason, day=local_day(at),
            decided_by="街道办事处主任办公会", state="done", first_by="one", first_at=at,
            second_by="another", second_at=at,
        )
    )  # fmt: skip
    session.flush()
    session.execute(update(Candidate).where(*mine).values(withdrawn_at=at, withdrawn_reason=reason))
    session.refresh(candidate)
    return candidate
