"""Short messages on their way: each is taken by one process, sent outside any transaction, and emptied."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import unlock_field
from voting.posters.models import ShortMessage
from voting.posters.service.claiming import MESSAGE
from voting.roll.service.secrecy import roll_key
from voting.rounds.models import Round

MOST_ATTEMPTS = 3
_AT_ONCE = 100


@dataclass(frozen=True, repr=False)
class Outgoing:
    """A message that is about to be sent. Its representation shows nothing of it."""

    id: str
    to: str
    code: str
    office: str


def waiting_messages(session: Session, *, now: datetime) -> list[str]:
    """Return the messages that wait to be sent."""
    query = select(ShortMessage.id).where(
        ShortMessage.state == "waiting", ShortMessage.expires_at > now
    )
    return list(session.scalars(query.order_by(ShortMessage.expires_at).limit(_AT_ONCE)))


def take_message(session: Session, keys: Keyring, id: str) -> Outgoing | None:
    """Take a message to send it, or throw it away if it reaches nobody: None then, or if another took it."""
    sealed = session.execute(
        update(ShortMessage)
        .where(
            ShortMessage.id == id,
            ShortMessage.state == "waiting",
            ShortMessage.attempts < MOST_ATTEMPTS,
        )
        .values(attempts=ShortMessage.attempts + 1)
        .returning(ShortMessage.sealed, ShortMessage.round_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if sealed is None or sealed.sealed is None:
        return None
    round = session.get_one(Round, sealed.round_id)
    content = json.loads(unlock_field(roll_key(keys, round), MESSAGE, sealed.sealed))
    to = content["to"].strip()
    if not to:
        session.execute(
            delete(ShortMessage)
            .where(ShortMessage.id == id)
            .execution_options(synchronize_session=False)
        )
        return None
    return Outgoing(id, to, content["code"], round.office_name)


def settle_message(session: Session, id: str, *, sent: bool) -> None:
    """Empty a message that was sent, or was tried often enough."""
    found = session.get(ShortMessage, id, populate_existing=True)
    if found is None or found.state != "waiting":
        return
    if sent or found.attempts >= MOST_ATTEMPTS:
        found.state, found.sealed = ("sent" if sent else "failed"), None
