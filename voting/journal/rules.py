"""Who acted, what the acts are called, and how entries are chained."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

GENESIS = bytes(32)


@dataclass(frozen=True)
class Actor:
    """Somebody whose acts are written down."""

    id: str
    name: str
    area_path: str


COMMAND_LINE = Actor(id="command-line", name="命令行", area_path="")


def canonical(details: Mapping[str, object]) -> str:
    """Return JSON with sorted keys and no spaces (RFC 8785 for the values we use)."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(previous: bytes, idx: int, at: datetime, fields: Mapping[str, object]) -> bytes:
    """Return SHA-256 of the previous hash and the canonical JSON of an entry."""
    body = canonical({"idx": idx, "at": at.isoformat(timespec="microseconds"), **fields})
    return hashlib.sha256(previous + body.encode()).digest()
