"""What came out of an urn, kept from the count until the round's key is destroyed.

Monitors recount from it, and where a round publishes whole ballots everybody does. It is a file outside the
database and its backups, encrypted under a key of its own, which goes together with the key of the urn.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import CannotOpen, lock_bytes, unlock_bytes
from voting.adapters.storage import sync_folder
from voting.errors import Refusal

_SLOT, _SALT = 32, 16
_AT_ONCE = 2000
_END = b"end"


class OpeningsMissing(Refusal):
    """Nothing of this urn is kept here: it was never opened here, or its key was destroyed."""

    msgid = "这台服务器上没有本轮开箱的明细：还没有计票，或者钥匙已经销毁，明细一起删掉了。"


class OpeningsDamaged(Refusal):
    """The file is not what was written."""

    msgid = "本轮开箱的明细文件损坏了，不能用。请保留现场，联系管理员。"


@dataclass(frozen=True)
class Opening:
    """One ballot as it came out of its seal: slot (32 bytes), salt (16), padded ballot."""

    slot: bytes
    salt: bytes
    padded: bytes


class OpeningsStore:
    """The kept openings of one installation, a file for each round, sorted by slot."""

    def __init__(self, folder: Path, keys: Keyring) -> None:
        self._folder = folder
        self._keys = keys

    def has(self, round_id: str) -> bool:
        """Tell whether the openings of a round are kept."""
        return self._path(round_id).exists()

    @contextmanager
    def writing(self, round_id: str) -> Iterator[Callable[[Opening], None]]:
        """Yield what takes the openings, in the order of slots; they stand only if all went well."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = self._keys.make_openings_key(round_id)
        temporary = self._folder / f".{round_id}.{secrets.token_hex(8)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                writer = _Writer(file, key, round_id)
                yield writer.take
                writer.finish()
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self._path(round_id))
            sync_folder(self._folder)
        finally:
            temporary.unlink(missing_ok=True)

    def reading(self, round_id: str) -> Iterator[Opening]:
        """Yield the kept openings in the order of slots; raise OpeningsMissing or OpeningsDamaged."""
        try:
            key = self._keys.openings_key(round_id)
            file = self._path(round_id).open("rb")
        except (FileNotFoundError, KeyMissing) as gone:
            raise OpeningsMissing from gone
        with file:
            yield from _read(file, key, round_id)

    def forget(self, round_id: str) -> None:
        """Delete the openings of a round and the key that reads them."""
        self._path(round_id).unlink(missing_ok=True)
        self._keys.forget_openings_key(round_id)

    def _path(self, round_id: str) -> Path:
        return self._folder / f"{round_id}.openings"


def _purpose(round_id: str, part: int) -> str:
    # Parts can be neither swapped nor taken from another round.
    return f"openings:{round_id}:{part}"


class _Writer:
    def __init__(self, file: IO[bytes], key: bytes, round_id: str) -> None:
        self._file, self._key, self._round_id = file, key, round_id
        self._waiting: list[bytes] = []
        self._part = 0

    def take(self, opening: Opening) -> None:
        self._waiting.append(opening.slot + opening.salt + opening.padded)
        if len(self._waiting) == _AT_ONCE:
            self._put(b"".join(self._waiting), len(self._waiting[0]))
            self._waiting.clear()

    def finish(self) -> None:
        if self._waiting:
            self._put(b"".join(self._waiting), len(self._waiting[0]))
        self._put(_END, 0)

    def _put(self, content: bytes, record: int) -> None:
        text = record.to_bytes(4, "big") + content
        locked = lock_bytes(self._key, _purpose(self._round_id, self._part), text)
        self._file.write(len(locked).to_bytes(4, "big") + locked)
        self._part += 1


def _read(file: IO[bytes], key: bytes, round_id: str) -> Iterator[Opening]:
    part = 0
    while True:
        length = int.from_bytes(file.read(4), "big")
        try:
            text = unlock_bytes(key, _purpose(round_id, part), file.read(length))
        except CannotOpen as damaged:
            raise OpeningsDamaged from damaged
        record, content = int.from_bytes(text[:4], "big"), text[4:]
        if record == 0:
            return
        for at in range(0, len(content), record):
            one = content[at : at + record]
            yield Opening(one[:_SLOT], one[_SLOT : _SLOT + _SALT], one[_SLOT + _SALT :])
        part += 1
