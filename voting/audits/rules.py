"""The arithmetic of spot checks, exact: what a sample can show, who is drawn, what a comparison comes to.

Plain values; the bytes are those of docs/2_rules/audits.md.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voting.ballots.rules import Ballot, decode, encode
from voting.figures import percent
from voting.reading import half_width

MOST_CARDS = 200
MOST_CALLS = 500
USUAL_CARDS, USUAL_CALLS = 30, 60
SHARES = tuple(Fraction(percent, 100) for percent in (5, 10, 20))
UNREADABLE = "unreadable"
_SEED = b"calls 1\x00"
_NUMBER = re.compile(r"[0-9]{4,40}\Z")
_BETWEEN = re.compile(r"[\s,，、.。·;；\-—－]+")
_SLOT_LENGTH, _CODE_LENGTH = 32, 10


@dataclass(frozen=True)
class Compared:
    """Test cards of a count: drawn, revealed, of these found in the urn, of these saying the same."""

    drawn: int = 0
    revealed: int = 0
    found: int = 0
    same: int = 0

    @property
    def differ(self) -> int:
        """How many revealed test ballots are not in the urn, or say something else there."""
        return self.revealed - self.same

    @property
    def unrevealed(self) -> int:
        """Drawn cards without a reveal; a ballot cast with one of them counts like any other."""
        return self.drawn - self.revealed


NO_TESTS = Compared()


@dataclass(frozen=True)
class Answers:
    """What the people drawn for a call-back have said so far."""

    drawn: int = 0
    confirmed: int = 0
    denied: int = 0
    unreached: int = 0

    @property
    def reached(self) -> int:
        """How many have answered yes or no: the sample that counts."""
        return self.confirmed + self.denied

    @property
    def open(self) -> int:
        """How many nobody has noted anything of."""
        return self.drawn - self.reached - self.unreached

    def estimate(self, marked: int) -> int:
        """Return how many of the ``marked`` people the share of denials stands for, rounded up."""
        return -(-self.denied * marked // self.reached) if self.reached else 0


def missed(sample: int, share: Fraction) -> Fraction:
    """Return the probability that a sample sees nothing although ``share`` of all is false: (1 − f)ⁿ.

    Drawing without putting back misses less often, so that this is an upper bound (integrity.md §3.4).
    """
    return (1 - share) ** sample


def share_text(part: Fraction) -> str:
    """Return a probability with one decimal, half up; a tiny one is never shown as nothing: ``4.2%``."""
    text = percent(part.numerator, part.denominator)
    return "不到 0.1%" if part and text == "0.0%" else text.replace(".0%", "%")


def power(sample: int) -> list[tuple[str, str]]:
    """Return what a sample can show: shares of false entries, and how probably none of them is seen."""
    return [(share_text(share), share_text(missed(sample, share))) for share in SHARES]


def drawn_hash(cred_hashes: Iterable[bytes]) -> bytes:
    """Return SHA-256 over the hashes of the drawn cards, sorted as bytes (docs/2_rules/ledger.md)."""
    return hashlib.sha256(b"".join(sorted(cred_hashes))).digest()


def unknown_slot(code: str) -> bytes:
    """Return what stands for the slot of a receipt that is not in the urn: its ten bytes, then zeros."""
    return base64.b32decode(code)[:_CODE_LENGTH].ljust(_SLOT_LENGTH, b"\x00")


def written_found(padded: bytes) -> str:
    """Return what is kept of a test ballot that came out of the urn: its canonical JSON, or UNREADABLE."""
    try:
        return encode(decode(padded)).decode("ascii")
    except ValueError:
        return UNREADABLE


def read_found(text: str | None) -> tuple[int, ...] | None:
    """Return the choices of a kept test ballot; None where there is none or it cannot be read."""
    return None if text is None or text == UNREADABLE else decode(text.encode()).choices


def says_the_same(choices: Sequence[int], text: str | None) -> bool:
    """Tell whether a test ballot says what was revealed of it: cast by card, these choices and no others."""
    return text == encode(Ballot("card", tuple(sorted(choices)))).decode("ascii")


def call_seed(root: bytes, public_number: str) -> bytes:
    """Return the seed of a draw: SHA-256("calls 1\\0" ‖ root ‖ public number in ASCII)."""
    return hashlib.sha256(_SEED + root + public_number.encode("ascii")).digest()


def call_order(seed: bytes, elector_ids: Iterable[str]) -> list[str]:
    """Return people in the order of SHA-256(seed ‖ id): whoever has the ids draws the same."""
    return sorted(elector_ids, key=lambda id: hashlib.sha256(seed + id.encode("ascii")).digest())


def read_public_number(text: str) -> str | None:
    """Return the digits of a public number, full-width ones and what stands between them forgiven."""
    digits = _BETWEEN.sub("", half_width(text[:200]))
    return digits if _NUMBER.match(digits) else None
