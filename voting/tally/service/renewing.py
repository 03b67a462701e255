"""A new set of key sheets, and the ledger that says since when the old ones are worth nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.custody.models import UrnKey
from voting.custody.service import renew_sheets
from voting.journal.rules import Actor
from voting.ledger.service import note_for_ledger


def renew(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    typed: tuple[str, str],
) -> UrnKey:
    """Make a new set of sheets and tell the ledger; raise what ``renew_sheets`` raises."""
    key = renew_sheets(
        session, now=now, actor=actor, keys=keys, round_id=round_id, typed=typed
    )  # fmt: skip
    note_for_ledger(session, now=now, round_id=round_id, kind="sheets", set=key.set_no)
    return key
