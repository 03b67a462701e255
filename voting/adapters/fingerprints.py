"""Which keys lie on this server, told by fingerprints: a backup says which belong to it without holding any.

A fingerprint is the first 16 hex digits of SHA-256 over the key and its name. Keys are 32 random bytes, so it
tells nothing about them but whether two are the same.
"""

import hashlib
from pathlib import Path

_DIGITS = 16


def fingerprints(folder: Path) -> dict[str, str]:
    """Return the fingerprint of every key in a folder of secrets, by its name inside the folder."""
    found = (path for kind in ("*.key", "*.seed") for path in folder.rglob(kind))
    return {
        str(path.relative_to(folder)): _fingerprint(
            str(path.relative_to(folder)), path.read_bytes()
        )
        for path in sorted(found)
        if path.is_file() and not path.name.startswith(".")
    }


def _fingerprint(name: str, key: bytes) -> str:
    text = f"voting key fingerprint 1\0{name}\0".encode() + key
    return hashlib.sha256(text).hexdigest()[:_DIGITS]
