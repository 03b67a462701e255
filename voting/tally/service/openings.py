"""What came out of an urn, kept from the first ballot opened until the round's key is destroyed.

Monitors recount from it, and where a round publishes whole ballots everybody does. It is a file outside the
database and its backups, encrypted under a key of its own, which goes together with the key of the urn.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import CannotOpen, lock_bytes, unlock_bytes
from voting.adapters.storage import sync_folder
from voting.errors import Refusal

_SLOT, _SALT = 32, 16
_LENGTH = 4
# No part is as long: whatever says so is no part.
_LONGEST = 64 * 1024 * 1024
_END = b"end"


class OpeningsMissing(Refusal):
    """Nothing of this urn is kept here: it was never opened here, or its key was destroyed."""

    msgid = "这台服务器上没有本轮开箱的明细：还没有计票，或者钥匙已经销毁，明细一起删掉了。"


class OpeningsDamaged(Refusal):
    """The file is not what was written."""

    msgid = "本轮开箱的明细文件损坏了，不能用。请保留现场，联系管理员。"


class CountUnderWay(Refusal):
    """Another process is counting this urn."""

    msgid = "本轮正在开箱计票，不用再开一次。请等它做完，再看结果。"


@dataclass(frozen=True, slots=True)
class Opening:
    """One ballot as it came out of its seal: slot (32 bytes), salt (16), padded ballot."""

    slot: bytes
    salt: bytes
    padded: bytes


class _Parts:
    """Reads a file part by part; ``end`` is where the last good one ends, ``number`` how many there were."""

    def __init__(self, file: IO[bytes], key: bytes, round_id: str) -> None:
        self._file, self._key, self._round_id = file, key, round_id
        self.end = self.number = 0
        self.is_whole = False
        self._before = 0

    def next(self) -> list[Opening] | None:
        """Return the next part; None after the last, where it was torn or changed, and at the end."""
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        if not 0 < length <= _LONGEST:
            return None
        try:
            locked = self._file.read(length)
            text = unlock_bytes(self._key, _purpose(self._round_id, self.number), locked)
        except CannotOpen:
            return None
        record, content = int.from_bytes(text[:_LENGTH], "big"), text[_LENGTH:]
        if record == 0:
            self.is_whole = True
            return None
        self._before, self.end = self.end, self.end + _LENGTH + length
        self.number += 1
        return [_opening(content[at : at + record]) for at in range(0, len(content), record)]

    def step_back(self) -> None:
        """Forget the part that was read last."""
        self.end, self.number = self._before, self.number - 1


class Keeper:
    """A file of openings that is being written, with what a count before this one left in it.

    First ``kept`` is read to its end, or ``drop_last`` called while it is read; then ``keep`` goes on there.
    """

    def __init__(self, file: IO[bytes], key: bytes, round_id: str) -> None:
        self._file, self._key, self._round_id = file, key, round_id
        self._parts = _Parts(file, key, round_id)
        self._is_ready = False

    def kept(self) -> Iterator[list[Opening]]:
        """Yield what is there part by part, up to the first that was torn, changed or written otherwise."""
        while (openings := self._parts.next()) is not None:
            yield openings

    def drop_last(self) -> None:
        """Take back the part that was read last: it does not fit the urn."""
        self._parts.step_back()

    def keep(self, openings: Sequence[Opening]) -> None:
        """Write openings down, so that they stay if this process is killed."""
        self._put(b"".join(one.slot + one.salt + one.padded for one in openings), openings)

    def finish(self) -> None:
        """Write the end, and make it durable."""
        self._put(_END, ())
        os.fsync(self._file.fileno())

    def _put(self, content: bytes, openings: Sequence[Opening]) -> None:
        if not self._is_ready:
            # Whatever lies behind the last good part is of no use.
            self._file.seek(self._parts.end)
            self._file.truncate()
            self._is_ready = True
        record = len(content) // len(openings) if openings else 0
        text = record.to_bytes(_LENGTH, "big") + content
        locked = lock_bytes(self._key, _purpose(self._round_id, self._parts.number), text)
        self._file.write(len(locked).to_bytes(_LENGTH, "big") + locked)
        self._file.flush()
        self._parts.number += 1


class OpeningsStore:
    """The kept openings of one installation, a file for each round, sorted by slot."""

    def __init__(self, folder: Path, keys: Keyring) -> None:
        self._folder = folder
        self._keys = keys

    def has(self, round_id: str) -> bool:
        """Tell whether the openings of a round are kept."""
        return self._path(round_id).exists()

    def is_begun(self, round_id: str) -> bool:
        """Tell whether a count has left openings from which the next one goes on."""
        path = self._part(round_id)
        return path.exists() and path.stat().st_size > 0

    @contextmanager
    def held(self, round_id: str) -> Iterator[None]:
        """Let one count at a time write down what comes out of an urn; raise CountUnderWay.

        The kernel lets go of the file however a process ends.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._lock(round_id), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise CountUnderWay from taken
            yield

    @contextmanager
    def writing(self, round_id: str) -> Iterator[Keeper]:
        """Yield what takes the openings, in the order of slots; the file stands only if all went well.

        Of a count that was stopped (killed, or by any error) what it wrote is left for the next one. A
        refusal leaves nothing: something is wrong with the urn itself.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, part = self._keys.make_openings_key(round_id), self._part(round_id)
        # A whole file without a count is one whose process died before it could store the outcome.
        with suppress(FileNotFoundError):
            self._path(round_id).rename(part)
        try:
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                keeper = Keeper(file, key, round_id)
                yield keeper
                keeper.finish()
        except Refusal:
            part.unlink(missing_ok=True)
            raise
        part.rename(self._path(round_id))
        sync_folder(self._folder)

    def drop(self, round_id: str) -> None:
        """Delete what a count has left, so that the next one takes nothing up."""
        for path in (self._path(round_id), self._part(round_id)):
            path.unlink(missing_ok=True)

    def reading(self, round_id: str) -> Iterator[Opening]:
        """Yield the kept openings in the order of slots; raise OpeningsMissing or OpeningsDamaged."""
        try:
            key = self._keys.openings_key(round_id)
            file = self._path(round_id).open("rb")
        except (FileNotFoundError, KeyMissing) as gone:
            raise OpeningsMissing from gone
        with file:
            parts = _Parts(file, key, round_id)
            while (openings := parts.next()) is not None:
                yield from openings
            if not parts.is_whole:
                raise OpeningsDamaged

    def forget(self, round_id: str) -> None:
        """Delete the openings of a round, whole or begun, and the key that reads them."""
        self.drop(round_id)
        self._lock(round_id).unlink(missing_ok=True)
        self._keys.forget_openings_key(round_id)

    def _path(self, round_id: str) -> Path:
        return self._folder / f"{round_id}.openings"

    def _part(self, round_id: str) -> Path:
        return self._folder / f".{round_id}.part"

    def _lock(self, round_id: str) -> Path:
        return self._folder / f".{round_id}.lock"


def _opening(record: bytes) -> Opening:
    return Opening(record[:_SLOT], record[_SLOT : _SLOT + _SALT], record[_SLOT + _SALT :])


def _purpose(round_id: str, part: int) -> str:
    # Parts can be neither swapped nor taken from another round.
    return f"openings:{round_id}:{part}"
