"""A ballot as bytes, and what binds it to its slot (docs/2_rules/ballot.md)."""

import base64
import hashlib
import json
from dataclasses import dataclass

from voting.rounds.rules import BallotKind

SALT_LENGTH = 16


_LEAF = b"ballot leaf 1\x00"


_INFO = b"ballot seal 1\x00"


_CHANNELS = ("card", "poster", "paper", "assisted", "loaded")


@dataclass(frozen=True)
class Ballot:
    """The content of one ballot: numbers of candidates, and points where the round asks for them."""

    channel: str
    choices: tuple[int, ...]
    points: tuple[int, ...] = ()


def encode(ballot: Ballot) -> bytes:
    """Return the canonical JSON of a ballot: sorted keys, no spaces, whole numbers only."""
    content: dict[str, object] = {"channel": ballot.channel, "choices": list(ballot.choices)}
    if ballot.points:
        content["points"] = list(ballot.points)
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(raw: bytes) -> Ballot:
    """Read a ballot, padded or not; raise ValueError when it is not one."""
    content = json.loads(raw)
    if not isinstance(content, dict) or not set(content) <= {"channel", "choices", "points"}:
        raise ValueError("not a ballot")
    numbers = [content.get("choices"), content.get("points", [])]
    if content.get("channel") not in _CHANNELS or not all(map(_are_whole, numbers)):
        raise ValueError("not a ballot")
    ballot = Ballot(
        channel=content["channel"],
        choices=tuple(content["choices"]),
        points=tuple(content.get("points", ())),
    )
    # Two programs must agree on what is a ballot: there is one way to write it, and no other is read.
    if encode(ballot) != raw.rstrip(b" "):
        raise ValueError("not written as a ballot is")
    return ballot


def _are_whole(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int for value in values)


def padded_length(
    *, kind: str, max_choices: int, highest_number: int, max_points: int | None
) -> int:
    """Return the one length of all ballots of a round, in bytes: no ciphertext tells how many were ticked."""
    longest = Ballot(
        channel=max(_CHANNELS, key=len),
        choices=(highest_number,) * max_choices,
        points=(max_points or 0,) * max_choices if kind == BallotKind.CUMULATIVE else (),
    )
    return len(encode(longest))


def pad(raw: bytes, length: int) -> bytes:
    """Fill a ballot with spaces, which JSON ignores, to ``length`` bytes."""
    if len(raw) > length:
        raise ValueError("a ballot longer than its round allows")
    return raw.ljust(length, b" ")


def slot_of(nonce: bytes) -> bytes:
    """Return the slot of a nonce; never derived from the token, which the printer knows."""
    return hashlib.sha256(b"ballot slot 1\x00" + nonce).digest()


def seal_info(round_id: str, config_hash: bytes, slot: bytes) -> bytes:
    """Return what a sealed ballot is bound to: its round, the frozen rules, its slot."""
    return _INFO + round_id.encode("ascii") + b"\x00" + config_hash + slot


def leaf_of(round_id: str, config_hash: bytes, slot: bytes, salt: bytes, padded: bytes) -> bytes:
    """Return the leaf: SHA-256 over round, rules, slot, salt and padded ballot."""
    return hashlib.sha256(
        _LEAF + round_id.encode("ascii") + b"\x00" + config_hash + slot + salt + padded
    ).digest()


def receipt_code(slot: bytes) -> str:
    """Return the receipt of a slot: its first 80 bits as 16 base32 characters."""
    return base64.b32encode(slot[:10]).decode("ascii")


def slot_range(code: str) -> tuple[bytes, bytes]:
    """Return the first and last slot that a receipt code can stand for; raise ValueError."""
    first = base64.b32decode(code)
    return first + bytes(22), first + b"\xff" * 22
