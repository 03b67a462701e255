"""The urn. It knows a round and a slot, and nobody."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from voting.persistence.base import SECRET, Base


class UrnEntry(Base):
    """A sealed ballot under a random slot: no time, no address, no card, no person.

    ``slot`` is SHA-256 of a nonce that only the voter's browser holds. ``sealed`` is the HPKE ciphertext of
    16 random bytes and the padded ballot; ``leaf`` is the hash that becomes the ledger's leaf (see
    docs/2_rules/ballot.md). No foreign key leads here or away: nothing to join on.
    """

    __tablename__ = "urn"
    __table_args__ = (Index("ix_urn_slot", "slot"), SECRET)

    round_id: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[bytes] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    leaf: Mapped[bytes]
    batch_no: Mapped[int | None]
