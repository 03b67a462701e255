"""How far keying is: numbers of papers, never what they say."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from voting.paper.models import PaperBallot, PaperForeign, PaperKeying, PaperState, PaperVoid

_SETTLED = (PaperState.ENTERED.value, PaperState.INVALID.value)


@dataclass(frozen=True)
class KeyingProgress:
    """Papers of a round by how far they are, and what waits for a second officer.

    ``again`` were taken back and are to be keyed anew. ``once`` waits for its second keying, ``disputed`` for
    an adjudication, ``correcting`` for a second officer.
    """

    settled: int
    again: int
    once: int
    disputed: int
    correcting: int
    foreign: int
    foreign_once: int
    mine: int

    @property
    def open(self) -> int:
        """How many papers are not done."""
        return self.again + self.once + self.disputed


def keying_progress(session: Session, round_id: str, *, officer_id: str = "") -> KeyingProgress:
    """Return how far keying is; ``mine`` counts the keyings of an officer."""
    by_turns = _on_table(session, round_id)
    settled = select(func.count()).where(
        PaperBallot.round_id == round_id, PaperBallot.state.in_(_SETTLED)
    )
    waiting = select(func.count()).where(
        PaperVoid.round_id == round_id, PaperVoid.second_by.is_(None)
    )
    mine = select(func.count()).where(
        PaperKeying.round_id == round_id, PaperKeying.by == officer_id
    )
    seen = (PaperForeign.round_id == round_id, PaperForeign.second_by.is_not(None))
    foreign = select(func.count()).where(*seen)
    unseen = select(func.count()).where(
        PaperForeign.round_id == round_id, PaperForeign.second_by.is_(None)
    )
    return KeyingProgress(
        settled=session.scalar(settled) or 0,
        again=by_turns.get(0, 0),
        once=by_turns.get(1, 0),
        disputed=by_turns.get(2, 0),
        correcting=session.scalar(waiting) or 0,
        foreign=session.scalar(foreign) or 0,
        foreign_once=session.scalar(unseen) or 0,
        mine=session.scalar(mine) or 0,
    )


def _on_table(session: Session, round_id: str) -> dict[int, int]:
    """Count the papers on the table by how often they have been keyed."""
    turns = (
        select(func.count(PaperKeying.turn).label("turns"))
        .select_from(PaperBallot)
        .outerjoin(
            PaperKeying,
            and_(
                PaperKeying.round_id == PaperBallot.round_id,
                PaperKeying.serial == PaperBallot.serial,
                PaperKeying.generation == PaperBallot.generation,
            ),
        )
        .where(
            PaperBallot.round_id == round_id, PaperBallot.state == PaperState.RETURNED.value
        )
        .group_by(PaperBallot.serial)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(turns.c.turns, func.count().label("papers")).group_by(turns.c.turns)
    )
    return {row.turns: row.papers for row in rows}
