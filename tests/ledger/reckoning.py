"""RFC 9162 once more, written for the tests from its text and sharing nothing with the platform."""

import hashlib


def leaf(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(hash_: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Section 2.1.3.2, by recursion from the root down instead of by bits."""
    if size == 1:
        assert not path
        return hash_
    left = 1
    while left * 2 < size:
        left *= 2
    *rest, last = path
    if index < left:
        return node(root_by_inclusion(hash_, index, left, rest), last)
    return node(last, root_by_inclusion(hash_, index - left, size - left, rest))


def roots_by_consistency(
    first: int, second: int, known: bytes, path: list[bytes], *, whole: bool = True
) -> tuple[bytes, bytes]:
    """Section 2.1.2 read backwards: the old and the new root that a consistency proof leads to."""
    if first == second:
        if whole:
            assert not path
            return known, known
        (only,) = path
        return only, only
    left = 1
    while left * 2 < second:
        left *= 2
    *rest, last = path
    if first <= left:
        old, new = roots_by_consistency(first, left, known, rest, whole=whole)
        return old, node(new, last)
    old, new = roots_by_consistency(first - left, second - left, known, rest, whole=False)
    return node(last, old), node(last, new)
