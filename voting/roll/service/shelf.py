"""Files on their way into the roll: encrypted, outside the database, for an hour at most."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import lock_bytes, unlock_bytes

SECONDS = 3600
_FOLDER = "rolls"


class Shelf:
    """What is kept of the uploads of one installation: the file as it came, and what was found in it."""

    def __init__(self, var: Path, keys: Keyring) -> None:
        self._folder = var / _FOLDER
        self._keys = keys

    def put(self, round_id: str, upload_id: str, content: bytes, *, part: str = "file") -> None:
        """Keep something of an upload."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = lock_bytes(self._keys.pepper(round_id), _purpose(upload_id, part), content)
        path = self._path(upload_id, part)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        draft.replace(path)

    def get(self, round_id: str, upload_id: str, *, part: str = "file") -> bytes | None:
        """Return what is kept of an upload, or None."""
        try:
            sealed = self._path(upload_id, part).read_bytes()
        except FileNotFoundError:
            return None
        return unlock_bytes(self._keys.pepper(round_id), _purpose(upload_id, part), sealed)

    def drop(self, upload_id: str, *, part: str = "*") -> None:
        """Delete what is kept of an upload, or one part of it."""
        for path in self._folder.glob(f"{upload_id}.{part}"):
            path.unlink(missing_ok=True)

    def sweep(self, live: Iterable[str]) -> None:
        """Delete what belongs to no live upload: something died between writing and committing."""
        known = set(live)
        if not self._folder.exists():
            return
        for path in self._folder.iterdir():
            is_known = path.name.lstrip(".").partition(".")[0] in known
            if (not is_known or path.name.startswith(".")) and _is_old(path):
                path.unlink(missing_ok=True)

    def _path(self, upload_id: str, part: str) -> Path:
        return self._folder / f"{upload_id}.{part}"


def _purpose(upload_id: str, part: str) -> str:
    return f"roll upload {part} {upload_id}"


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - SECONDS
    except FileNotFoundError:
        return False
