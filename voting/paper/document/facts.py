"""What a round's papers say, read from the round as it is now."""

from sqlalchemy.orm import Session

from voting.areas.service import find_installation
from voting.paper.document.ballots import BallotFacts, BallotLine
from voting.paper.models import PaperBatch
from voting.proposals.models import CATEGORY_NAMES, Category
from voting.proposals.service import candidates_of
from voting.proposals.service.rivals import rivals_by_number
from voting.rounds.models import Round


def ballot_facts(session: Session, round: Round, batch: PaperBatch | None = None) -> BallotFacts:
    """Return what all papers of a batch share, or of a sample; withdrawn candidates are left out."""
    installation = find_installation(session)
    standing = [one for one in candidates_of(session, round.id) if one.withdrawn_at is None]
    rivals = rivals_by_number(standing)
    return BallotFacts(
        round_title=round.title,
        office=round.office_name,
        least=round.min_choices,
        most=round.max_choices,
        help_phone=round.help_number,
        lines=[
            BallotLine(
                number=one.ballot_number or 0,
                title=one.title,
                sentence=_excludes(rivals.get(one.ballot_number or 0)) + one.sentence,
                category=CATEGORY_NAMES[Category(one.category)] if one.category else "",
                cost=one.cost,
            )
            for one in standing
        ],
        batch=batch.number if batch else 0,
        versions=batch.versions if batch else 1,
        demo=bool(installation and installation.demo),
        rehearsal=round.kind == "rehearsal",
        spending=round.spending,
    )


def _excludes(rivals: tuple[int, ...] | None) -> str:
    """Return what stands before the sentence of a candidate that shares one place with others."""
    return f"（与{'、'.join(map(str, rivals))}号只能入选一个）" if rivals else ""
