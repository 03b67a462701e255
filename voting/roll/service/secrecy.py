"""What of a person is kept: keyed hashes to compare, fields sealed to be opened again."""

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash, lock_field, unlock_field
from voting.roll.rules.names import comparable
from voting.rounds.models import Round

ROOM_PURPOSE = "roll room"
PHONE_PURPOSE = "roll phone"


class RollKey(bytes):
    """The pepper of a roll, with the round in whose name its hashes are made."""

    made_for: str


def roll_key(keys: Keyring, round: Round) -> RollKey:
    """Return the key of a round's roll; a vote held again uses that of the roll it took over."""
    key = RollKey(keys.pepper(round.roll_key_id))
    key.made_for = round.roll_key_id
    return key


def number_key(pepper: RollKey, number: str) -> bytes:
    """Return the keyed hash under which an identity number is listed."""
    return keyed_hash(pepper, "identity number", pepper.made_for, number)


def name_key(pepper: RollKey, name: str) -> bytes:
    """Return the keyed hash under which a read name is compared."""
    return keyed_hash(pepper, "name", pepper.made_for, comparable(name))


def person_key(pepper: RollKey, name: bytes, place: tuple[str, str]) -> bytes:
    """Return the keyed hash under which somebody without a number is listed: ``name_key`` at a place."""
    return keyed_hash(pepper, "person without number", pepper.made_for, name, *place)


def seal_room(pepper: bytes, room: str) -> bytes | None:
    """Return a room as it is kept."""
    return lock_field(pepper, ROOM_PURPOSE, room) if room else None


def open_room(pepper: bytes, sealed: bytes | None) -> str:
    """Return a kept room."""
    return unlock_field(pepper, ROOM_PURPOSE, sealed) if sealed else ""


def seal_phone(pepper: bytes, phone: str | None) -> bytes | None:
    """Return a telephone number as it is kept."""
    return lock_field(pepper, PHONE_PURPOSE, phone) if phone else None


def open_phone(pepper: bytes, sealed: bytes | None) -> str:
    """Return a kept telephone number."""
    return unlock_field(pepper, PHONE_PURPOSE, sealed) if sealed else ""
