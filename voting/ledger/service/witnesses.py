"""Witnesses: addresses to which every new checkpoint goes, so that the past cannot be rewritten unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.models import MOST_WITNESSES, Checkpoint, Witness
from voting.ledger.rules.statements import read_address
from voting.ledger.service.finding import find_head
from voting.rounds.models import Round
from voting.rounds.service import get_round


class WitnessThere(Refusal):
    """The address is on the list."""

    msgid = "这个地址已经在名单里了。"
    status = 422
    field = "address"


class TooManyWitnesses(Refusal):
    """The list is full."""

    msgid = "见证人最多 20 个。要加新的，请先去掉一个。"
    status = 422
    field = "address"


@dataclass(frozen=True)
class Dispatch:
    """The newest checkpoint of a round, and the witnesses that have not been sent it: ids and addresses."""

    round_id: str
    round_title: str
    head: Checkpoint
    waiting: tuple[tuple[str, str], ...]


def witnesses_of(session: Session, round_id: str) -> list[Witness]:
    """Return the witnesses of a round in the order of their places."""
    mine = select(Witness).where(Witness.round_id == round_id)
    return list(session.scalars(mine.order_by(Witness.place)))


def add_witness(
    session: Session, *, now: datetime, actor: Actor, round_id: str, typed: str
) -> Witness:
    """Put an address on the list; raise OddAddress, WitnessThere or TooManyWitnesses.

    Of two that take the same place at once the database lets one in; the other takes the next.
    """
    round, address = get_round(session, round_id), read_address(typed)
    while True:
        listed = witnesses_of(session, round_id)
        if any(one.address == address for one in listed):
            raise WitnessThere
        taken = {one.place for one in listed}
        free = next((at for at in range(1, MOST_WITNESSES + 1) if at not in taken), None)
        if free is None:
            raise TooManyWitnesses
        added = Witness(
            round_id=round_id, place=free, address=address, added_at=now, added_by=actor.id
        )
        try:
            with session.begin_nested():
                session.add(added)
        except IntegrityError:
            continue
        _note(session, actor, "ledger.add_witness", now=now, round=round)
        return added


def remove_witness(
    session: Session, *, now: datetime, actor: Actor, round_id: str, witness_id: str
) -> None:
    """Take a witness off the list; raise NotFound."""
    found = session.get(Witness, witness_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    session.delete(found)
    session.flush()
    _note(session, actor, "ledger.remove_witness", now=now, round=get_round(session, round_id))


def dispatches_due(session: Session, round_id: str | None = None) -> list[Dispatch]:
    """Return what has to be sent: of one round, or of all that have a witness without the newest head."""
    newest = select(func.max(Checkpoint.size)).where(Checkpoint.round_id == Witness.round_id)
    behind = select(Witness).where(
        or_(Witness.sent_size.is_(None), Witness.sent_size < newest.scalar_subquery())
    )
    if round_id is not None:
        behind = behind.where(Witness.round_id == round_id)
    waiting: dict[str, list[Witness]] = {}
    for one in session.scalars(behind.order_by(Witness.round_id, Witness.place)):
        waiting.setdefault(one.round_id, []).append(one)
    found = []
    for of_round, listed in waiting.items():
        head = find_head(session, of_round)
        if head is not None:
            title = session.get_one(Round, of_round).title
            pairs = tuple((one.id, one.address) for one in listed)
            found.append(Dispatch(of_round, title, head, pairs))
    return found


def note_sent(session: Session, *, now: datetime, witness_ids: Sequence[str], size: int) -> None:
    """Note that these witnesses were sent the checkpoint of this size."""
    for one in witness_ids:
        session.execute(
            update(Witness).where(Witness.id == one).values(sent_size=size, sent_at=now)
        )


def _note(session: Session, actor: Actor, act: str, *, now: datetime, round: Round) -> None:
    # Without the address: the journal is kept for years.
    record(session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path)
