"""The twin: the app with the guard removed, in this process only.

The card is looked at before the transaction and marked afterwards, as a page does that selects and then
inserts; the race test must fail against it.
"""

from sqlalchemy import select, update

from voting.app import create_app
from voting.ballots.rules import Ballot, receipt_code, slot_of
from voting.ballots.service import CardAlreadyUsed, Receipt, drop_into_urn
from voting.ballots.views import choosing
from voting.cards.models import BallotCard
from voting.web.db import current_database


def _cast(session, *, now, paper, cred_hash, nonce, choices, check_hmac):
    mine = BallotCard.cred_hash == cred_hash
    if looked_at.pop(cred_hash + nonce, "spent") != "printed":
        raise CardAlreadyUsed
    session.execute(
        update(BallotCard).where(mine, BallotCard.state == "printed").values(state="spent")
    )
    slot = slot_of(nonce)
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot("card", tuple(choices)))
    return Receipt(receipt_code(slot))


def _check_hmac(holder):
    with current_database().reading() as session:
        state = session.scalar(
            select(BallotCard.state).where(BallotCard.cred_hash == holder.cred_hash)
        )
    looked_at[holder.cred_hash + holder.nonce] = state


looked_at: dict[bytes, str | None] = {}
setattr(choosing, "cast", _cast)  # noqa: B010 -- a name the module only imports
choosing._check_hmac = _check_hmac
app = create_app()
