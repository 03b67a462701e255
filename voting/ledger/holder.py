"""Signs the ledger of a round of this installation without holding its database longer than it must."""

import logging

from voting.errors import Refusal
from voting.ledger.models import Checkpoint
from voting.ledger.service import due_rounds, make_checkpoint, prefix_of
from voting.web.db import current_database, current_keys, transaction
from voting.web.db import now as now_here

log = logging.getLogger(__name__)


def checkpoint_apart(round_id: str) -> Checkpoint:
    """Append what waits and sign; raise what ``voting.ledger.service.make_checkpoint`` raises.

    What was signed before is hashed anew outside the transaction: on SQLite nobody could vote meanwhile.
    """
    with current_database().reading() as session:
        prefix = prefix_of(session, round_id)
    with transaction() as session:
        return make_checkpoint(
            session, now=now_here(), keys=current_keys(), round_id=round_id, prefix=prefix
        )


def checkpoint_due() -> int:
    """Sign every ledger for which something waits, and return how many; a refusal is logged, not raised."""
    with current_database().reading() as session:
        due = due_rounds(session)
    signed = 0
    for round_id in due:
        try:
            checkpoint_apart(round_id)
            signed += 1
        except Refusal as refusal:
            log.error("the ledger of round %s was not signed: %s", round_id, refusal)  # noqa: TRY400 -- a refusal is a sentence, its traceback says nothing
    return signed
