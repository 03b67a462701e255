"""Passwords as argon2id hashes, and how many may be worked out at the same time.

One check takes some 50 ms and 32 MiB. Without a bound, a few hundred sign-ins at once would take the
memory of the machine on which people are voting.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from voting.errors import Refusal

_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE = 2
_PATIENCE = 10.0
_SLOTS = threading.BoundedSemaphore(_AT_ONCE)


class TooManySignIns(Refusal):
    """Every slot was taken for longer than a person should wait."""

    msgid = "现在登录的人太多，请过一会儿再试。"
    status = 503


@contextmanager
def hashing_slot(patience: float = _PATIENCE) -> Iterator[None]:
    """Take one of the few places for working out hashes; raise TooManySignIns after ``patience`` seconds.

    Never wait for it inside a transaction: on SQLite that would keep everybody else from voting.
    """
    if not _SLOTS.acquire(timeout=patience):
        raise TooManySignIns
    try:
        yield
    finally:
        _SLOTS.release()


def hash_password(password: str) -> str:
    """Return the hash to be stored."""
    return _HASHER.hash(_normal(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the one of a hash; without a hash, take as long and say no."""
    try:
        _HASHER.verify(password_hash or _nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody")


def _normal(password: str) -> str:
    # One keyboard sends é as one character, another as two.
    return unicodedata.normalize("NFKC", password)
