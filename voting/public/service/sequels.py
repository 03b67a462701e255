"""What came of a candidate after the vote, for the page on which its proposer follows it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.delivery.models import Project, ProjectCandidate
from voting.delivery.rules.states import PUBLIC_NAMES, ProjectState, public_state
from voting.proposals.models import Candidate
from voting.proposals.rules.sequel import Sequel
from voting.results.service import facts_of, find_result


def sequel_of(session: Session, candidate: Candidate) -> Sequel:
    """Return the votes once they are declared, and the project once there is one."""
    stored = find_result(session, candidate.round_id)
    if stored is None or stored.declared_at is None or candidate.ballot_number is None:
        return Sequel()
    lines = facts_of(session, candidate.round_id).projects
    line = next((one for one in lines if one.number == candidate.ballot_number), None)
    if line is None:
        return Sequel()
    project = _project_of(session, candidate.id)
    if project is None:
        return Sequel(votes=line.votes, is_funded=line.funded)
    ended = project.terminated_at is not None
    word = PUBLIC_NAMES[public_state(ProjectState(project.state), is_terminated=ended)]
    return Sequel(votes=line.votes, is_funded=line.funded, project_id=project.id, project_word=word)


def _project_of(session: Session, candidate_id: str) -> Project | None:
    return session.scalar(
        select(Project)
        .join(ProjectCandidate, ProjectCandidate.project_id == Project.id)
        .where(ProjectCandidate.candidate_id == candidate_id)
        .limit(1)
    )
