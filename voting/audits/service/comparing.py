"""For the count: which ballots are tests, what came out of the urn for them, and what that says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from voting.audits.rules import UNREADABLE, Compared, read_found, says_the_same, written_found
from voting.cards.models import BallotCard, CardBatch, CardReveal, DrawnCard
from voting.cards.rules import serial

_DRAWN = cast("Table", DrawnCard.__table__)
_CARD = cast("Table", BallotCard.__table__)


@dataclass(frozen=True)
class Difference:
    """A test ballot that does not say what was revealed.

    ``found`` is what the urn says; None where there is no such ballot, empty as well where it says nothing.
    """

    number: int
    serial: str
    choices: tuple[int, ...]
    found: tuple[int, ...] | None
    is_unreadable: bool


def revealed_slots(session: Session, round_id: str) -> frozenset[bytes]:
    """Return the slots of the ballots that do not count: those that were revealed as tests in time."""
    return frozenset(_revealed(session, round_id))


def note_found(session: Session, round_id: str, aside: Mapping[bytes, bytes]) -> None:
    """Write down what lay in the urn for the revealed test ballots: ``aside``, padded ballots by slot."""
    rows = [{"at": slot, "text": written_found(padded)} for slot, padded in sorted(aside.items())]
    if rows:
        mine = (_DRAWN.c.round_id == round_id) & (_DRAWN.c.slot == bindparam("at"))
        # Without the ORM's bookkeeping: the rows are not its objects.
        session.connection().execute(
            update(_DRAWN).where(mine).values(found=bindparam("text")), rows
        )


def compared(
    session: Session, round_id: str, aside: Mapping[bytes, bytes] | None = None
) -> Compared:
    """Return the figures of a round's test cards, zeros where there are none.

    They follow from what the count has written down, or from what a recount found (``aside``).
    """
    lines = _revealed(session, round_id)
    drawn = session.scalar(select(func.count()).where(_DRAWN.c.round_id == round_id)) or 0
    said = _stored(session, round_id) if aside is None else _written(aside)
    found = {slot: text for slot, text in said.items() if slot in lines}
    same = sum(says_the_same(lines[slot], text) for slot, text in found.items())
    return Compared(drawn=drawn, revealed=len(lines), found=len(found), same=same)


def differences(session: Session, round_id: str) -> list[Difference]:
    """Return the revealed test ballots of a counted round that are gone or say something else."""
    query = (
        select(DrawnCard, CardBatch.number, BallotCard.sheet, BallotCard.place)
        .join(
            BallotCard,
            (BallotCard.round_id == DrawnCard.round_id)
            & (BallotCard.cred_hash == DrawnCard.cred_hash),
        )
        .join(CardBatch, CardBatch.id == BallotCard.batch_id)
        .where(DrawnCard.round_id == round_id)
        .order_by(DrawnCard.number)
        .execution_options(populate_existing=True)
    )
    revealed = _revealed(session, round_id)
    return [
        Difference(
            number=row.DrawnCard.number,
            serial=serial(row.number, row.sheet, row.place),
            choices=revealed[row.DrawnCard.slot],
            found=read_found(row.DrawnCard.found),
            is_unreadable=row.DrawnCard.found == UNREADABLE,
        )
        for row in session.execute(query)
        if row.DrawnCard.slot in revealed
        and not says_the_same(revealed[row.DrawnCard.slot], row.DrawnCard.found)
    ]


def _revealed(session: Session, round_id: str) -> dict[bytes, tuple[int, ...]]:
    """Return what was revealed of each slot; nothing before the reveal, whatever has been typed."""
    if session.get(CardReveal, round_id) is None:
        return {}
    mine = select(_DRAWN.c.slot, _DRAWN.c.choices).where(
        _DRAWN.c.round_id == round_id, _DRAWN.c.slot.is_not(None)
    )
    return {row.slot: tuple(json.loads(row.choices)) for row in session.execute(mine)}


def _stored(session: Session, round_id: str) -> dict[bytes, str]:
    mine = select(_DRAWN.c.slot, _DRAWN.c.found).where(
        _DRAWN.c.round_id == round_id, _DRAWN.c.found.is_not(None)
    )
    return {row.slot: row.found for row in session.execute(mine)}


def _written(aside: Mapping[bytes, bytes]) -> dict[bytes, str]:
    return {slot: written_found(padded) for slot, padded in aside.items()}
