"""Who lives behind one door: only they may collect for each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.roll.models import Elector
from voting.roll.service.searching import Line
from voting.roll.service.secrecy import open_room, roll_key
from voting.rounds.models import Round


@dataclass(frozen=True, repr=False)
class Housemate:
    """Somebody of the same household, masked."""

    elector_id: str
    name: str


def same_household(keys: Keyring, round: Round, one: Elector, other: Elector) -> bool:
    """Tell whether two people of a roll live behind the same door; without a room nobody knows."""
    pepper = roll_key(keys, round)
    room = open_room(pepper, one.room_sealed)
    return (
        bool(room)
        and one.building == other.building
        and room == open_room(pepper, other.room_sealed)
    )


def housemates(
    session: Session, *, keys: Keyring, round: Round, lines: Iterable[Line]
) -> Mapping[str, Sequence[Housemate]]:
    """Return for each of these people who else lives behind the same door, by the people's ids."""
    shown = [line for line in lines if line.room]
    pepper = roll_key(keys, round)
    living = select(Elector).where(
        Elector.round_id == round.id,
        Elector.struck_at.is_(None),
        Elector.building.in_({line.building for line in shown}),
        Elector.room_sealed.is_not(None),
    )
    doors: dict[tuple[str, str], list[Housemate]] = defaultdict(list)
    for person in session.scalars(living.order_by(Elector.elector_id)):
        door = person.building, open_room(pepper, person.room_sealed)
        doors[door].append(Housemate(person.elector_id, person.name_masked))
    return {
        line.elector_id: [
            mate for mate in doors[line.building, line.room] if mate.elector_id != line.elector_id
        ]
        for line in shown
    }
