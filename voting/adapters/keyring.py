"""Secrets on disk, outside the database and its backups: one small file each, readable by its owner only."""

import os
import secrets
from pathlib import Path

from voting.adapters.sealing import forget_private_keys, new_private_key, public_of
from voting.adapters.signing import new_signing_key
from voting.adapters.storage import sync_folder

_LENT = "lent.key"
_SHARES = "sheets.part"
NAMES = {
    "seal": "rounds/{round}/seal.key",
    "pepper": "rounds/{round}/pepper.key",
    "ledger": "rounds/{round}/ledger.key",
    "app": "app.key",
    "cards": "cards.key",
    "persons": "persons.key",
}
"""The files of the secrets that a round cannot do without, by their short names."""


class KeyMissing(Exception):
    """A secret that must exist is not there; the text names the file."""


class OtherKey(Exception):
    """Another secret lies where one was to be written; the text names the file."""


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
        return public_of(self._load_or_make(f"rounds/{round_id}/seal.key"))

    def seal_key(self, round_id: str) -> bytes:
        """Return the private half, the server's own or a lent one; raise KeyMissing if there is none."""
        try:
            return self._load(f"rounds/{round_id}/{_LENT}")
        except KeyMissing:
            return self._load(f"rounds/{round_id}/seal.key")

    def has_seal_key(self, round_id: str) -> bool:
        """Tell whether anything on this server opens the urn: the key, a lent one, or the shares of one."""
        folder = self._folder / "rounds" / round_id
        return any((folder / name).exists() for name in ("seal.key", _LENT, _SHARES))

    def lend_seal_key(self, round_id: str, private: bytes) -> None:
        """Lend the key to the process that counts, through one file; ``take_back_seal_key`` removes it."""
        self._write_over(f"rounds/{round_id}/{_LENT}", private)

    def take_back_seal_key(self, round_id: str) -> None:
        """Remove a lent key, if there is one, from the disk and from this process."""
        forget_private_keys()
        _wipe(self._folder / "rounds" / round_id / _LENT)

    def take_back_seal_keys(self) -> int:
        """Remove every lent key that a process left behind when it was killed; return how many."""
        left = [
            *self._folder.glob(f"rounds/*/{_LENT}"),
            # Drafts of a process that was killed while it wrote.
            *self._folder.glob(f"rounds/*/.{_LENT}.*"),
            *self._folder.glob(f"rounds/*/.{_SHARES}.*"),
        ]
        for path in left:
            _wipe(path)
        return len(left)

    def hold_shares(self, round_id: str, shares: bytes) -> None:
        """Keep the shares of a key until its sheets are printed."""
        self._write_over(f"rounds/{round_id}/{_SHARES}", shares)

    def held_shares(self, round_id: str) -> bytes:
        """Return the shares that wait to be printed; raise KeyMissing once they are forgotten."""
        return self._load(f"rounds/{round_id}/{_SHARES}")

    def forget_shares(self, round_id: str) -> None:
        """Delete the shares: from now on only the sheets open the urn."""
        folder = self._folder / "rounds" / round_id
        for path in (folder / _SHARES, *folder.glob(f".{_SHARES}.*")):
            _wipe(path)

    def forget_seal_key(self, round_id: str) -> None:
        """Delete everything that opens a round's urn, or keeps what came out of it."""
        forget_private_keys()
        folder = self._folder / "rounds" / round_id
        for name in ("seal.key", _LENT, _SHARES, "openings.key"):
            for path in (folder / name, *folder.glob(f".{name}.*")):
                _wipe(path)

    def kept(self, name: str, round_id: str) -> bytes | None:
        """Return a secret by its short name (``NAMES``), or None where there is no such file."""
        try:
            return self._load(NAMES[name].format(round=round_id))
        except KeyMissing:
            return None

    def restore(self, name: str, round_id: str, content: bytes) -> str | None:
        """Write a secret that is missing and return its file's name; None if the same one lies there.

        Raises OtherKey where another one lies there: it is never overwritten.
        """
        file = NAMES[name].format(round=round_id)
        path = self._folder / file
        is_new = not path.exists()
        if is_new:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, content)
        if path.read_bytes() != content:
            raise OtherKey(str(path))
        return file if is_new else None

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
        _wipe(self._folder / "rounds" / round_id / "openings.key")

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

    def set_aside(self, name: str, round_id: str) -> str:
        """Rename a secret, so that another can take its place, and return the new name."""
        path = self._folder / NAMES[name].format(round=round_id)
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.old")
        path.rename(aside)
        self._kept.pop(path.name, None)
        return aside.name

    def _write_over(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A second file beside the first, then a change of names: nobody reads half a key.
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        _write(temporary, content)
        temporary.replace(path)
        sync_folder(path.parent)


def _wipe(path: Path) -> None:
    """Delete a secret, overwritten first: on a plain disk its bytes are gone, on flash at least its name."""
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _fresh(name: str) -> bytes:
    if name.endswith("ledger.key"):
        return new_signing_key()
    if name.endswith("seal.key"):
        return new_private_key()
    return secrets.token_bytes(32)


def _write_once(path: Path, content: bytes) -> None:
    # link() refuses an existing name, so of two processes that start together one wins and both read it.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    _write(temporary, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
        # The name must survive a power cut as well: a round whose key is gone can never be counted.
        for folder in (path.parent, path.parent.parent):
            sync_folder(folder)
