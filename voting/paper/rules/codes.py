"""What the QR code of a paper says: round, version, serial and the code that proves it genuine."""

import base64
import re
from dataclasses import dataclass

from voting.paper.rules.serials import is_serial

_CODE_BYTES = 5
_SAID = re.compile(r"([A-Z0-9]{1,64})-([1-8])-([0-9]{9})-([A-Z2-7]{8})\Z")


@dataclass(frozen=True)
class SaidByPaper:
    """What a code claims; whether it is true, its keyed code tells."""

    round_id: str
    version: int
    serial: str
    code: str


def written(digest: bytes) -> str:
    """Return the keyed code as it is printed: the first 40 bits in base32."""
    return base64.b32encode(digest[:_CODE_BYTES]).decode("ascii")


def said_text(said: SaidByPaper) -> str:
    """Return the last part of the address in capitals, which a QR code holds in larger points."""
    return f"{said.round_id}-{said.version}-{said.serial}-{said.code}".upper()


def read_said(text: str) -> SaidByPaper | None:
    """Return what the last part of an address claims, in capitals or not, or None if it claims nothing."""
    found = _SAID.match(text.upper())
    if not found or not is_serial(found[3]):
        return None
    return SaidByPaper(found[1].lower(), int(found[2]), found[3], found[4])
