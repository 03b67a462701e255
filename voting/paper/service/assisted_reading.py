"""Who is being helped at the moment: the sessions of a day, and those an exchange has left waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.paper.models import AssistedSession
from voting.roll.models import Elector
from voting.roll.rules.search import natural
from voting.roll.service.secrecy import open_room, roll_key
from voting.rounds.models import Round

# Far more than a street has officers for.
MOST = 200


@dataclass(frozen=True, repr=False)
class Assisting:
    """A person who is being helped: ``first`` and ``second`` are officers' names, empty where nobody is.

    ``stage``: ``alone`` until a second officer confirms, then ``ready``; ``left`` where nobody is with a
    person who came by exchange.
    """

    elector_id: str
    place_of: str
    name: str
    number: str
    where: str
    first_by: str
    first: str
    second: str
    stage: str


def assisting_now(
    session: Session, *, now: datetime, keys: Keyring, round: Round
) -> Sequence[Assisting]:
    """Return who is being helped today, in the order of buildings and rooms; each takes two officers."""
    return _lines(session, now, keys, round)[:MOST]


def find_assisting(
    session: Session, *, now: datetime, keys: Keyring, round: Round, elector_id: str
) -> Assisting | None:
    """Return the session of one person, if it lives."""
    found = _lines(session, now, keys, round, elector_id)
    return found[0] if found else None


def _lines(
    session: Session, now: datetime, keys: Keyring, round: Round, elector_id: str | None = None
) -> list[Assisting]:
    today = local_day(now)
    first, second = aliased(Officer), aliased(Officer)
    living = or_(AssistedSession.day == today, AssistedSession.marked)
    query = (
        select(AssistedSession, Elector, first.name, second.name)
        .join(
            Elector,
            (Elector.round_id == AssistedSession.round_id)
            & (Elector.elector_id == AssistedSession.elector_id),
        )
        .outerjoin(first, first.id == AssistedSession.first_by)
        .outerjoin(second, second.id == AssistedSession.second_by)
        .where(AssistedSession.round_id == round.id, living)
    )
    if elector_id is not None:
        query = query.where(AssistedSession.elector_id == elector_id)
    pepper = roll_key(keys, round)
    found = [
        _line(
            one, elector, open_room(pepper, elector.room_sealed), names, is_today=one.day == today
        )
        for one, elector, *names in session.execute(query)
    ]
    return sorted(found, key=lambda line: (natural(line.place_of), line.elector_id))


def _line(
    one: AssistedSession,
    elector: Elector,
    room: str,
    names: Sequence[str | None],
    *,
    is_today: bool,
) -> Assisting:
    first, second = names
    stage = "left" if not is_today else "ready" if one.second_by else "alone"
    return Assisting(
        elector_id=elector.elector_id,
        place_of=f"{elector.building} {room}".strip(),
        name=elector.name_masked,
        number=elector.id_masked,
        where=one.place,
        first_by=one.first_by,
        first=first or "",
        second=second or "",
        stage=stage,
    )
