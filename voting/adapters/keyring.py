"""Secrets on disk, outside the database and its backups: one small file each, readable by its owner only."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from voting.adapters.signing import new_signing_key
from voting.adapters.storage import sync_folder


class KeyMissing(Exception):
    """A secret that must exist is not there; the text names the file."""


class Keyring:
    """The secrets of one installation, under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, bytes] = {}

    def app_key(self) -> bytes:
        """Return the key that signs cookies and forms; made on first use."""
        return self._keep("app.key")

    def card_key(self) -> bytes:
        """Return the key of the short and check codes of all cards; made on first use."""
        return self._keep("cards.key")

    def person_key(self) -> bytes:
        """Return the key under which proposers and appointed people are compared; made on first use."""
        return self._keep("persons.key")

    def pepper(self, round_id: str) -> bytes:
        """Return the pepper of a round's roll; made on first use, deleted with the roll."""
        return self._load_or_make(f"rounds/{round_id}/pepper.key")

    def make_seal_key(self, round_id: str) -> bytes:
        """Make the key pair of a round's urn and return the public half (32 bytes).

        Asked again, it returns the public half of the pair that exists.
        """
        raw = self._load_or_make(f"rounds/{round_id}/seal.key")
        private = X25519PrivateKey.from_private_bytes(raw)
        return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def seal_key(self, round_id: str) -> bytes:
        """Return the private half; raise KeyMissing if it is gone."""
        return self._load(f"rounds/{round_id}/seal.key")

    def make_ledger_key(self, round_id: str) -> bytes:
        """Make the key that signs a round's ledger, and return it; asked again, the one that exists."""
        return self._load_or_make(f"rounds/{round_id}/ledger.key")

    def ledger_key(self, round_id: str) -> bytes:
        """Return the key that signs a round's ledger; raise KeyMissing if it is gone."""
        return self._keep_known(f"rounds/{round_id}/ledger.key")

    def make_openings_key(self, round_id: str) -> bytes:
        """Make the key of a round's kept openings, and return it; asked again, the one that exists."""
        return self._load_or_make(f"rounds/{round_id}/openings.key")

    def openings_key(self, round_id: str) -> bytes:
        """Return the key of a round's kept openings; raise KeyMissing if it is gone."""
        return self._load(f"rounds/{round_id}/openings.key")

    def forget_openings_key(self, round_id: str) -> None:
        """Delete the key of a round's kept openings: nobody reads them any more."""
        (self._folder / "rounds" / round_id / "openings.key").unlink(missing_ok=True)

    def forget_round(self, round_id: str) -> None:
        """Delete the keys of a round: its roll can be matched with nobody, its urn never be opened."""
        folder = self._folder / "rounds" / round_id
        for path in folder.glob("*"):
            path.unlink()
        if folder.exists():
            folder.rmdir()

    def batch_seed(self, batch_id: str) -> bytes:
        """Return the seed from which a batch's tokens are derived; raise KeyMissing once forgotten."""
        return self._load(f"batches/{batch_id}.seed")

    def make_batch_seed(self, batch_id: str) -> bytes:
        """Make the seed of a new batch."""
        return self._load_or_make(f"batches/{batch_id}.seed")

    def forget_batch_seed(self, batch_id: str) -> None:
        """Delete the seed: from now on nobody can print these cards again, or vote in their name."""
        (self._folder / f"batches/{batch_id}.seed").unlink(missing_ok=True)

    def _keep(self, name: str) -> bytes:
        # These three are read on every request of a voter and never change.
        if name not in self._kept:
            self._kept[name] = self._load_or_make(name)
        return self._kept[name]

    def _keep_known(self, name: str) -> bytes:
        # Each receipt is signed: a file that never changes need not be read for every one.
        if name not in self._kept:
            self._kept[name] = self._load(name)
        return self._kept[name]

    def _load(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as absent:
            raise KeyMissing(str(self._folder / name)) from absent

    def _load_or_make(self, name: str) -> bytes:
        path = self._folder / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, _fresh(name))
        return path.read_bytes()


def _fresh(name: str) -> bytes:
    if name.endswith("ledger.key"):
        return new_signing_key()
    if name.endswith("seal.key"):
        return X25519PrivateKey.generate().private_bytes(
            Encoding.Raw, PrivateFormat.Raw, NoEncryption()
        )
    return secrets.token_bytes(32)


def _write_once(path: Path, content: bytes) -> None:
    # link() refuses an existing name, so of two processes that start together one wins and both read it.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
        # The name must survive a power cut as well: a round whose key is gone can never be counted.
        for folder in (path.parent, path.parent.parent):
            sync_folder(folder)
