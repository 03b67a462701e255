"""Signed notes and checkpoints in the form of C2SP (``signed-note``, ``tlog-checkpoint``).

What is signed is the text with its last line feed; the signature line follows an empty line.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from voting.clock import moment_text

_ED25519 = b"\x01"
_DASH = "\u2014"
HEAD_DIGITS = 16

Sign = Callable[[bytes], bytes]


class NotANote(ValueError):
    """The text is no note of this key."""


def origin_of(address: str, round_id: str) -> str:
    """Return the name of a round's ledger: the host of the public address, ``/ledger/``, the round's id."""
    return f"{urlsplit(address).netloc.lower() or 'localhost'}/ledger/{round_id}"


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Return the key as C2SP writes it: ``name+key id+Base64(0x01 ‖ public key)``."""
    encoded = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{key_id(name, public).hex()}+{encoded}"


def signed_note(text: str, *, name: str, public: bytes, sign: Sign) -> str:
    """Return ``text``, which ends with a line feed, with its signature line."""
    signature = key_id(name, public) + sign(text.encode())
    return f"{text}\n{_DASH} {name} {base64.b64encode(signature).decode()}\n"


def read_note(note: str, *, name: str, public: bytes) -> tuple[str, bytes]:
    """Return text and signature of a note; raise NotANote. The signature itself is not checked here."""
    text, _, last = note.rpartition(f"\n\n{_DASH} {name} ")
    if not text or not last.endswith("\n"):
        raise NotANote
    try:
        raw = base64.b64decode(last[:-1], validate=True)
    except (binascii.Error, ValueError) as odd:
        raise NotANote from odd
    if len(raw) != 4 + 64 or raw[:4] != key_id(name, public):
        raise NotANote
    return f"{text}\n", raw[4:]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a checkpoint counts beside the entries; all numbers are of one moment."""

    ballots: int
    participation: Mapping[str, int]
    cards: Mapping[str, int]
    journal: bytes

    def lines(self) -> list[str]:
        """Return the lines of a checkpoint that state them."""
        channels = sorted((name, number) for name, number in self.participation.items() if number)
        states = {name: self.cards.get(name, 0) for name in ("printed", "spent", "void")}
        return [
            f"ballots {self.ballots}",
            " ".join(
                ["participation", str(sum(self.participation.values()))]
                + [f"{name}={number}" for name, number in channels]
            ),
            " ".join(
                ["cards", str(sum(states.values()))]
                + [f"{name}={number}" for name, number in states.items()]
            ),
            f"journal {self.journal.hex()}",
        ]


def checkpoint_text(*, origin: str, size: int, root: bytes, at: datetime, figures: Figures) -> str:
    """Return the text of a checkpoint, to be signed."""
    lines = [origin, str(size), base64.b64encode(root).decode(), f"time {moment_text(at)}"]
    return "".join(f"{line}\n" for line in [*lines, *figures.lines()])


def receipt_text(origin: str, slot: bytes) -> str:
    """Return the text of a receipt, to be signed: a place was promised to this ballot, nothing more."""
    return f"{origin}\nreceipt\n{slot.hex()}\n"


def head_digits(root: bytes) -> str:
    """Return what papers print of a root: its first 16 hex digits in groups of four."""
    digits = root.hex()[:HEAD_DIGITS]
    return " ".join(digits[at : at + 4] for at in range(0, HEAD_DIGITS, 4))


def note_file(round_id: str, size: int) -> str:
    """Return the name under which a checkpoint is handed out; it sorts by size."""
    return f"checkpoint-{round_id}-{size:08d}.txt"
