"""Files by the digest of their content, under one folder; written durably, never changed."""

import hashlib
import os
import secrets
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a file that is synced may still lose its name in a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FileStore:
    """Content-addressed files: ``put`` returns the SHA-256 in hex, ``get`` wants it back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Store ``content`` and return its digest; the same content is stored once."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{secrets.token_hex(8)}")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        for folder in (path.parent, self._folder):
            sync_folder(folder)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the content; raise FileNotFoundError, or ValueError when the file was damaged."""
        content = self.path(digest).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"stored file {digest} does not match its digest")
        return content

    def discard(self, digest: str) -> None:
        """Delete a file that nothing names any more; the caller has looked."""
        self.path(digest).unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Return where a digest lies; refuse anything that is not one."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):  # noqa: PLR2004 -- SHA-256 in hex
            raise FileNotFoundError(digest)
        return self._folder / digest[:2] / digest
