"""The digest of an urn without all its leaves in memory: sorted runs in a file, merged at the end."""

import hashlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Self

_LEAF = 32
_RUN = 20_000
_BLOCK = 128


class LeafDigest:
    """SHA-256 over the leaves of an urn, sorted as bytes and put one after another; a context manager.

    The same as ``voting.tally.rules.deciding.urn_digest``. Leaves stand in the public ledger, so a file with
    them holds no secret; it has no name and goes with the process.
    """

    def __init__(self) -> None:
        self._leaves: list[bytes] = []
        self._runs: list[int] = []
        self._file: IO[bytes] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, leaves: Iterable[bytes]) -> None:
        """Take some leaves, 32 bytes each, in any order."""
        self._leaves.extend(leaves)
        if len(self._leaves) >= _RUN:
            self._write()

    def digest(self) -> bytes:
        """Return the digest of everything taken."""
        runs = [self._read(number) for number in range(len(self._runs))]
        digest = hashlib.sha256()
        for leaf in heapq.merge(*runs, sorted(self._leaves)):
            digest.update(leaf)
        return digest.digest()

    def _write(self) -> None:
        if self._file is None:
            self._file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 -- closed by the stack
        self._file.seek(0, 2)
        self._leaves.sort()
        self._file.writelines(self._leaves)
        self._runs.append(len(self._leaves))
        self._leaves.clear()

    def _read(self, number: int) -> Iterator[bytes]:
        at = sum(self._runs[:number]) * _LEAF
        end = at + self._runs[number] * _LEAF
        assert self._file is not None  # noqa: S101 -- there is a run
        while at < end:
            self._file.seek(at)
            block = self._file.read(min(_BLOCK * _LEAF, end - at))
            at += len(block)
            for place in range(0, len(block), _LEAF):
                yield block[place : place + _LEAF]
