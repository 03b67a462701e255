"""People on a roll that is frozen already: a test asks for one more after its round was made."""

from sqlalchemy.orm import Session

from voting.persistence import triggers
from voting.persistence.guards import GUARDS
from voting.roll.models import Elector

_INSERT = [guard for guard in GUARDS if guard.name == "elector_frozen_insert"]


def list_person(session: Session, elector: Elector) -> Elector:
    """Insert somebody, whether or not the roll is frozen; the guard stands again afterwards."""
    connection = session.connection()
    session.flush()
    triggers.drop(connection, _INSERT)
    session.add(elector)
    session.flush()
    triggers.create(connection, _INSERT)
    return elector
