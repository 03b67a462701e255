"""The hash that fixes a roll, byte for byte; docs/2_rules/frozen_rules.md says the same in prose."""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RollLines:
    """The people of a roll as they are hashed: one sorted line for each, so that order does not matter."""

    lines: Sequence[bytes]

    @classmethod
    def of(cls, electors: Iterable[tuple[str, bytes | None]]) -> "RollLines":
        """Return the lines of these people: id and keyed hash."""
        return cls(sorted(_line(id, key) for id, key in electors))

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def digest(self) -> bytes:
        """SHA-256 over the lines."""
        return hashlib.sha256(b"".join(self.lines)).digest()

    def adding(self, id: str, key: bytes | None) -> "RollLines":
        """Return the lines with somebody more."""
        after = list(self.lines)
        insort(after, _line(id, key))
        return RollLines(after)

    def without(self, id: str, key: bytes | None) -> "RollLines":
        """Return the lines without somebody; who is not there stays out."""
        after, line = list(self.lines), _line(id, key)
        place = bisect_left(after, line)
        if after[place : place + 1] == [line]:
            del after[place]
        return RollLines(after)


def roll_hash(electors: Iterable[tuple[str, bytes | None]]) -> bytes:
    """Return SHA-256 over one line for each elector: id, space, hex of the keyed hash or ``-``, line feed.

    The lines are sorted by their bytes, so the result does not depend on the order of the rows.
    """
    return RollLines.of(electors).digest


def _line(id: str, key: bytes | None) -> bytes:
    return f"{id} {key.hex() if key else '-'}\n".encode("ascii")
