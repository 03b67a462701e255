"""Somebody at the desk asks: am I on the roll, am I marked? The worker has seen the document."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from voting.journal.rules import Actor
from voting.journal.service import record
from voting.roll.models import BASIS_NAMES, Basis, Channel, Participation
from voting.roll.service.correcting import get_elector
from voting.rounds.models import Round


@dataclass(frozen=True, repr=False)
class Answer:
    """What a person may know of themselves: the masked entry, and whether and how the right was used."""

    name: str
    number: str
    basis: str
    building: str
    is_struck: bool
    channel: Channel | None
    day: date | None


def answer(
    session: Session, *, now: datetime, actor: Actor, round: Round, elector_id: str
) -> Answer:
    """Return a person's entry and mark, and write down that somebody asked; raise NotFound."""
    elector = get_elector(session, round.id, elector_id)
    used = session.get(Participation, (round.id, elector.elector_id))
    place = {"kind": "elector", "id": elector.elector_id, "area_path": round.area.path}
    record(session, actor, "roll.answer", now=now, round_id=round.id, **place)
    return Answer(
        name=elector.name_masked,
        number=elector.id_masked,
        basis=BASIS_NAMES[Basis(elector.basis)],
        building=elector.building,
        is_struck=elector.struck_at is not None,
        channel=Channel(used.channel) if used else None,
        day=used.day if used else None,
    )
