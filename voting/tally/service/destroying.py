"""A key is destroyed: its ciphertexts go with it, and the ledger keeps that it was so."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.ballots.models import UrnEntry
from voting.clock import moment_text
from voting.custody.service import confirm_destruction
from voting.journal.rules import Actor
from voting.ledger.service import note_for_ledger
from voting.rounds.models import Round
from voting.tally.service.counting import sign_ledger

_URN = cast("Table", UrnEntry.__table__)


def destroy(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str
) -> Round:
    """Let the second officer confirm, empty the urn's ciphertexts, and tell the ledger.

    Slots and leaves stay: every receipt is answered as before. Raises NotFound, NotConfirmedYet,
    AlreadyDestroyed or SameDestroyer. The files go when this is stored (``tally.holder.destroy_apart``).
    """
    round = confirm_destruction(session, now=now, actor=actor, round_id=round_id)
    # What was never signed could not be signed later: an entry holds the digest of its ciphertext.
    sign_ledger(session, now=now, keys=keys, round_id=round_id)
    session.execute(
        update(_URN).where(_URN.c.round_id == round_id).values(sealed=b""),
        execution_options={"synchronize_session": False},
    )
    note_for_ledger(
        session, now=now, round_id=round_id, kind="destroyed", at=moment_text(now), way=round.seal_way
    )  # fmt: skip
    sign_ledger(session, now=now, keys=keys, round_id=round_id)
    return round
