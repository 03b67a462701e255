"""What is printed on a card, derived from the seed of its batch; nothing here touches a database.

Sizes: token 128 bits, short code for typing 80 bits, check code six digits (integrity.md §3.2, §5).
Both codes are RFC 4648 base32, whose alphabet has no 0, 1, 8 or 9: what a person types for O, I and B is
understood.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from voting.reading import half_width

TOKEN_LENGTH = 26
SHORT_LENGTH = 16
CHECK_LENGTH = 6
MOST_FAILS = 5
_TOKEN = re.compile(r"[A-Z2-7]{26}\Z")
_SHORT = re.compile(r"[A-Z2-7]{16}\Z")
_LOOKALIKES = str.maketrans("018", "OIB")


@dataclass(frozen=True)
class PrintedCard:
    """The secrets of one card: they exist on paper and, until printed, as a seed outside the database."""

    token: str
    short_code: str
    check_code: str


def derive_card(seed: bytes, index: int) -> PrintedCard:
    """Return card ``index`` (from 0) of the batch with this seed; the same seed gives the same cards."""
    raw = hmac.digest(seed, b"ballot card" + index.to_bytes(8, "big"), "sha256")
    return PrintedCard(
        token=base64.b32encode(raw[:16]).decode().rstrip("="),
        short_code=base64.b32encode(raw[16:26]).decode(),
        check_code=f"{int.from_bytes(raw[26:], 'big') % 10**CHECK_LENGTH:0{CHECK_LENGTH}d}",
    )


def credential_hash(token: str) -> bytes:
    """Return SHA-256 of a token: 128 random bits need no key (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode()).digest()


def read_token(text: str) -> str | None:
    """Return the token in capitals if ``text`` has the form of one."""
    token = text.upper()
    return token if _TOKEN.match(token) else None


def read_short_code(text: str) -> str | None:
    """Return a typed short code in capitals without spaces and hyphens, or None if it cannot be one."""
    code = re.sub(r"[\s\-－—_·.]", "", half_width(text[:80])).upper().translate(_LOOKALIKES)
    return code if _SHORT.match(code) else None


def read_check_code(text: str) -> str | None:
    """Return the six digits of a typed check code, full-width digits and spaces forgiven."""
    digits = "".join(str(int(char)) for char in text[:40] if char.isdigit() and char.isdecimal())
    rest = "".join(char for char in text[:40] if not char.isdecimal() and not char.isspace())
    return digits if len(digits) == CHECK_LENGTH and not rest else None


def serial(batch_number: int, sheet: int, place: int) -> str:
    """Return what stands on the stub: batch, sheet and place on the sheet (``03-0012-4``)."""
    return f"{batch_number:02d}-{sheet:04d}-{place}"
