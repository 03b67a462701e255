"""Names and telephones of proposers and appointed people: keyed for comparing, sealed for keeping."""

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import CannotOpen, keyed_hash, lock_field, unlock_field
from voting.proposals.rules import normalised_name


def person_key(keys: Keyring, name: str) -> bytes:
    """Return the keyed hash under which a name is compared."""
    return keyed_hash(keys.person_key(), "person name", normalised_name(name))


def phone_key(keys: Keyring, phone: str) -> bytes | None:
    """Return the keyed hash under which a telephone is compared; None without one."""
    return keyed_hash(keys.person_key(), "person telephone", phone) if phone else None


def sealed_name(keys: Keyring, proposal_id: str, name: str) -> bytes:
    """Return a proposer's name as the table keeps it: encrypted, bound to its proposal."""
    return lock_field(keys.person_key(), f"proposer {proposal_id}", name)


def sealed_phone(keys: Keyring, proposal_id: str, phone: str) -> bytes | None:
    """Return a proposer's telephone as the table keeps it; None without one."""
    purpose = f"proposer telephone {proposal_id}"
    return lock_field(keys.person_key(), purpose, phone) if phone else None


def opened_name(keys: Keyring, proposal_id: str, stored: bytes) -> str:
    """Return the name; empty when the key is not the one it was sealed with."""
    try:
        return unlock_field(keys.person_key(), f"proposer {proposal_id}", stored)
    except CannotOpen:
        return ""


def opened_phone(keys: Keyring, proposal_id: str, stored: bytes | None) -> str:
    """Return the telephone; empty when there is none, or another key."""
    if stored is None:
        return ""
    try:
        return unlock_field(keys.person_key(), f"proposer telephone {proposal_id}", stored)
    except CannotOpen:
        return ""
