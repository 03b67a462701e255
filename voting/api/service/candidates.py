"""The list of a round, from the announcement of the vote on."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from voting.api.rules import Json, money, read_cursor, write_cursor
from voting.api.service.asking import Asked
from voting.proposals.models import Candidate
from voting.proposals.service import public_candidates
from voting.proposals.service.rivals import rivals_by_number
from voting.rounds.models import Round


def all_candidates(session: Session, round: Round, *, now: datetime) -> Sequence[Candidate]:
    """Return the candidates of a round by ballot number; none before the announcement."""
    return public_candidates(session, round, now=now)


def candidate_part(session: Session, round: Round, asked: Asked, *, now: datetime) -> Json:
    """Return a part of the candidates; a list is short and fits into memory. Raises BadCursor."""
    after = read_cursor(asked.cursor, [int])[0] if asked.cursor else 0
    listed = all_candidates(session, round, now=now)
    left = [one for one in listed if (one.ballot_number or 0) > after]
    shown, rivals = left[: asked.limit], rivals_by_number(listed)
    following = write_cursor([shown[-1].ballot_number]) if len(left) > len(shown) else None
    return {"items": [_written(one, rivals) for one in shown], "next": following}


def _written(one: Candidate, rivals: Mapping[int, tuple[int, ...]]) -> Json:
    return {
        "id": one.id,
        "number": one.ballot_number,
        "title": one.title,
        "category": one.category,
        "category_name": one.category_name,
        "place": one.place,
        "sentence": one.sentence,
        "description": one.description,
        "cost": money(one.cost),
        "beneficiaries": one.beneficiaries,
        "rivals": list(rivals.get(one.ballot_number or 0, ())),
        "is_withdrawn": one.withdrawn_at is not None,
        "withdrawn_reason": one.withdrawn_reason,
        "picture": f"/pictures/{one.picture}.jpg" if one.picture else None,
    }
