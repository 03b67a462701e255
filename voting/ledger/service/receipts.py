"""The signed receipt: evidence against whoever promised a ballot its place and then dropped it."""

from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.signing import sign
from voting.ledger.rules.notes import receipt_text, signed_note
from voting.ledger.service.finding import find_ledger


def signed_receipt(session: Session, *, keys: Keyring, round_id: str, slot: bytes) -> str | None:
    """Return the signed note of a ballot that lies in the urn, or None if the round has no ledger.

    The caller has seen the ballot in the urn. Raises KeyMissing.
    """
    ledger = find_ledger(session, round_id)
    if ledger is None:
        return None
    key = keys.ledger_key(round_id)
    text = receipt_text(ledger.origin, slot)
    return signed_note(
        text, name=ledger.origin, public=ledger.public_key, sign=lambda raw: sign(key, raw)
    )
