"""What the home page shows: rounds that are open to the eye, and the latest papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from voting.notices.models import Notice
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import public_rounds

_ROUNDS = 30
_NOTICES = 10
_DONE = frozenset(
    {
        Phase.COUNTING,
        Phase.RESULT_REVIEW,
        Phase.PUBLICITY,
        Phase.OBJECTION,
        Phase.CONFIRMED,
        Phase.IMPLEMENTING,
        Phase.CLOSED,
        Phase.ARCHIVED,
        Phase.TERMINATED,
        Phase.VOTE_VOID,
    }
)


@dataclass(frozen=True)
class Home:
    """Rounds with a vote on, rounds before their vote, rounds behind it, and the latest papers."""

    voting: Sequence[Round]
    coming: Sequence[Round]
    done: Sequence[Round]
    notices: Sequence[Notice]


def home(session: Session, *, now: datetime, search: str = "") -> Home:
    """Return what anybody may see, newest first; ``search`` narrows to titles that contain it."""
    rounds = public_rounds(session, now=now, search=search, limit=_ROUNDS)
    phases = {round.id: round.phase_at(now) for round in rounds}
    return Home(
        voting=[round for round in rounds if phases[round.id] is Phase.VOTING],
        done=[round for round in rounds if phases[round.id] in _DONE],
        coming=[
            round
            for round in rounds
            if phases[round.id] is not Phase.VOTING and phases[round.id] not in _DONE
        ],
        notices=session.scalars(
            select(Notice).order_by(Notice.issued_at.desc()).limit(_NOTICES)
        ).all(),
    )


def is_ready(session: Session) -> bool:
    """Tell whether the database answers and has the tables of this version."""
    session.execute(text("SELECT id FROM round LIMIT 1")).all()
    return True
