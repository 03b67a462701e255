"""A resident who is not on the roll asks to be, from a phone; the answer never says who is listed."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, lock_field
from voting.errors import NotFound, Refusal
from voting.persistence.base import new_id
from voting.proposals.rules.sending import ALPHABET, CODE_LENGTH, read_code, written_code
from voting.roll.models import RollApplication
from voting.roll.rules.applying import (
    MOST_WAITING,
    AlreadyApplied,
    NotApplying,
    TooManyApplications,
    takes_applications,
)
from voting.roll.rules.entries import age_of, read_place
from voting.roll.rules.identity import read_identity
from voting.roll.rules.names import mask_name, read_name, read_phone
from voting.roll.rules.rooms import RoomMissing
from voting.roll.service.importing import BASIS_OF, terms_of
from voting.roll.service.living import phase_of
from voting.roll.service.secrecy import RollKey, roll_key
from voting.rounds.models import Round
from voting.rounds.service import BY_CLOCK, get_round

_CODES = len(ALPHABET) ** CODE_LENGTH
_Read = TypeVar("_Read")


@dataclass(frozen=True, repr=False)
class ApplicationFacts:
    """What a resident types; ``basis`` is one of the words of a sheet."""

    name: str
    number: str
    basis: str
    place: str
    phone: str


def require_applying(round: Round, now: datetime) -> None:
    """Raise NotApplying unless the round takes applications at ``now``."""
    if round.kind == "loaded" or not takes_applications(phase_of(round, now)):
        raise NotApplying


def send_application(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    facts: ApplicationFacts,
    sending_key: str,
) -> str:
    """Store an application and return its code; the same form sent again gets the same code.

    Whether somebody is listed is not looked at: who is gets the same answer, and a worker tells them.
    Raise NotFound, NotApplying, AlreadyApplied, TooManyApplications, or what is wrong with a field.
    """
    round = get_round(session, round_id)
    require_applying(round, now)
    pepper = roll_key(keys, round)
    application, number = _read(pepper, round, now, facts)
    code = _code(keys, round.id, sending_key, number)
    application.code_hash = code_hash(keys, code)
    if _waiting(session, round.id) >= MOST_WAITING:
        raise TooManyApplications
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError as claimed:
        if find_application(session, keys=keys, code=code) is None:
            raise AlreadyApplied from claimed
    return code


def find_application(session: Session, *, keys: Keyring, code: str) -> RollApplication | None:
    """Return the application of a code as somebody typed it, or None.

    What cannot be a code is looked for as well: the answer takes its time alike.
    """
    hashed = code_hash(keys, read_code(code) or "")
    return session.scalar(select(RollApplication).where(RollApplication.code_hash == hashed))


def get_application_of(session: Session, *, keys: Keyring, code: str) -> RollApplication:
    """Return the application of a code; raise NotFound."""
    found = find_application(session, keys=keys, code=code)
    if found is None:
        raise NotFound
    return found


def code_hash(keys: Keyring, code: str) -> bytes:
    """Return the keyed hash under which a code is kept."""
    return keyed_hash(keys.person_key(), "roll application code", code)


def end_applications(session: Session, *, now: datetime) -> int:
    """Refuse what nobody decided before voting ended, and forget what was typed; return how many."""
    waiting = select(RollApplication.round_id).where(RollApplication.state == "waiting").distinct()
    over = [
        round.id
        for round in session.scalars(select(Round).where(Round.id.in_(waiting))).all()
        if not takes_applications(phase_of(round, now))
    ]
    ended = session.scalars(
        update(RollApplication)
        .where(RollApplication.round_id.in_(over), RollApplication.state == "waiting")
        .values(
            state="refused",
            answer="too_late",
            decided_at=now,
            decided_by=BY_CLOCK,
            sealed=None,
            claim_key=None,
        )
        .returning(RollApplication.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def application_purpose(application_id: str) -> str:
    """Return what a sealed application is bound to."""
    return f"roll application {application_id}"


def _read(
    pepper: RollKey, round: Round, now: datetime, facts: ApplicationFacts
) -> tuple[RollApplication, str]:
    # A worker looks at the paper of whoever is very old; a resident need not be asked.
    terms = terms_of(round, now, old_ages_checked=True)
    name = _field("name", lambda: read_name(facts.name))
    identity = _field("number", lambda: read_identity(facts.number, today=terms.today))
    _field("number", lambda: age_of(identity, terms))
    place = _field("place", lambda: read_place(facts.place, facts.basis))
    if not any(place):
        raise RoomMissing(field="place")
    _field("phone", lambda: read_phone(facts.phone))
    id = new_id()
    application = RollApplication(
        id=id,
        round_id=round.id,
        name_masked=mask_name(name),
        basis=BASIS_OF[facts.basis],
        building=place[0],
        sealed=lock_field(pepper, application_purpose(id), json.dumps(asdict(facts))),
        claim_key=keyed_hash(pepper, "roll application", round.id, identity.number),
        state="waiting",
        applied_at=now,
    )
    return application, identity.number


def _code(keys: Keyring, round_id: str, sending_key: str, number: str) -> str:
    raw = keyed_hash(keys.person_key(), "roll application", round_id, sending_key, number)
    return written_code(int.from_bytes(raw, "big") % _CODES)


def _waiting(session: Session, round_id: str) -> int:
    waiting = select(func.count()).where(
        RollApplication.round_id == round_id, RollApplication.state == "waiting"
    )
    return session.scalar(waiting) or 0


def _field(name: str, reader: Callable[[], _Read]) -> _Read:
    try:
        return reader()
    except Refusal as refusal:
        refusal.field = name
        raise
