"""Rounds to which people come by the poster: polling places with a screen, people with name and number."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, make_open_round
from tests.factories.listing import list_person
from tests.factories.roll import identity_number
from voting.adapters.keyring import Keyring
from voting.persistence.session import Database
from voting.polling.models import PollingPlace
from voting.polling.service import minute_code
from voting.posters.rules import Person
from voting.roll.models import Elector
from voting.roll.rules.identity import mask_number
from voting.roll.rules.names import mask_name
from voting.roll.service.secrecy import name_key, number_key, roll_key, seal_phone
from voting.rounds.models import Round

NAME, NUMBER = "张三丰", identity_number()
PHONE = "13812345678"
TOKEN = "screen" + "a" * 20
PERSON = Person(NAME, NUMBER)


@dataclass(frozen=True)
class PosterRound:
    """A round with one person on its roll and one screen."""

    round_id: str
    elector_id: str
    place_id: str


def make_place(
    session: Session, round_id: str, *, token: str = "", **facts: object
) -> PollingPlace:
    """Make a polling place, with a screen if there is a ``token``."""
    given: dict[str, object] = {
        "name": "社区服务大厅", "address": "站前路1号", "hours": "9:00—17:00", "made_at": NOW,
        "screen_hash": hashlib.sha256(token.encode()).digest() if token else None,
    }  # fmt: skip
    place = PollingPlace(round_id=round_id, **(given | facts))
    session.add(place)
    session.flush()
    return place


def list_resident(
    session: Session, keys: Keyring, round: Round, *, name: str = NAME, number: str = NUMBER,
    phone: str | None = PHONE,
) -> str:  # fmt: skip
    """Put somebody on the roll as an import would, and return the elector's id."""
    pepper = roll_key(keys, round)
    elector = Elector(
        round_id=round.id, id_key=number_key(pepper, number), name_key=name_key(pepper, name),
        name_masked=mask_name(name), id_kind="resident", id_masked=mask_number(number),
        basis="live", building="3栋", phone_sealed=seal_phone(pepper, phone), added_at=NOW,
    )  # fmt: skip
    return list_person(session, elector).elector_id


def poster_round(
    database: Database, keys: Keyring, *, factors: str = "screen", phone: str | None = PHONE,
    **changes: object,
) -> PosterRound:  # fmt: skip
    """Commit an open round to which people come by the poster."""
    with database.transaction() as session:
        round = make_open_round(
            session, keys, channels="card,poster,paper,assisted", second_factors=factors, **changes  # type: ignore[arg-type]  # passed on as given
        )  # fmt: skip
        elector_id = list_resident(session, keys, round, phone=phone)
        place = make_place(session, round.id, token=TOKEN)
        return PosterRound(round.id, elector_id, place.id)


def code_now(keys: Keyring, made: PosterRound, now: datetime = NOW) -> str:
    """Return what the screen shows."""
    return minute_code(keys, made.round_id, made.place_id, now)
