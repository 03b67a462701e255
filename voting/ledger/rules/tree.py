"""The Merkle tree of RFC 9162 §2.1: roots, inclusion and consistency proofs over SHA-256.

A hash is 32 bytes. ``Tree`` keeps all of them for proofs; ``Frontier`` keeps a few dozen and only appends.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
_HASH = 32


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two below ``size``, which must be at least 2."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """The right edge of a growing tree: the roots of its complete parts, from the largest to the smallest."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        merges, peak = self.size, leaf
        while merges & 1:
            peak = node_hash(self._peaks.pop(), peak)
            merges >>= 1
        self._peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of everything appended so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    return Frontier(leaves).root()


class Tree:
    """All complete nodes of a tree, 64 bytes a leaf: proofs cost a few dozen hashes."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = bytearray().join(leaves)
        self.size = len(level) // _HASH
        self._levels = [level]
        while len(level) >= 2 * _HASH:
            pairs = range(0, len(level) - _HASH, 2 * _HASH)
            level = bytearray().join(
                hashlib.sha256(b"\x01" + level[at : at + 2 * _HASH]).digest() for at in pairs
            )
            self._levels.append(level)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves, or of all."""
        count = self.size if size is None else size
        return self._range(0, count) if count else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that leaf ``index`` is among the first ``size`` (RFC 9162 §2.1.3.1)."""
        count = self.size if size is None else size
        if not 0 <= index < count <= self.size:
            raise ValueError("no such leaf")
        path, start = [], 0
        while count > 1:
            left = split(count)
            if index < left:
                path.append(self._range(start + left, count - left))
                count = left
            else:
                path.append(self._range(start, left))
                start, index, count = start + left, index - left, count - left
        return path[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """Return the proof that the first ``second`` leaves begin with the first ``first`` (§2.1.4.1)."""
        count = self.size if second is None else second
        if not 0 < first <= count <= self.size:
            raise ValueError("no such sizes")
        path: list[bytes] = []
        start, is_whole = 0, True
        while first != count:
            left = split(count)
            if first <= left:
                path.append(self._range(start + left, count - left))
                count = left
            else:
                path.append(self._range(start, left))
                start, first, count = start + left, first - left, count - left
                is_whole = False
        if not is_whole:
            path.append(self._range(start, count))
        return path[::-1]

    def _range(self, start: int, size: int) -> bytes:
        """Return the root of ``size`` leaves from ``start``, which lies on a multiple of its left part."""
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            at = (start >> level) * _HASH
            return bytes(self._levels[level][at : at + _HASH])
        left = split(size)
        return node_hash(self._range(start, left), self._range(start + left, size - left))


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, or None if it has the wrong form (§2.1.3.2)."""
    if not 0 <= index < size:
        return None
    node, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(step, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, step)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether a proof shows that one tree begins with the other (§2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    return bool(steps) and _walk(first, second, steps) == (first_root, second_root)


def _walk(first: int, second: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots a consistency proof leads to, or None if it has the wrong form."""
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None
