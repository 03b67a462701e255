"""Writing a bundle: each file is spooled beside its target and hashed, then all go into one archive."""

import hashlib
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from voting.adapters.storage import sync_folder
from voting.bundle.rules import MANIFEST, Part, Sort, manifest_text
from voting.errors import Refusal

_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
_AT_ONCE = 1 << 20
_LONGEST = (1 << 32) - 1


class BundleTooLarge(Refusal):
    """A file or the whole would need another form of archive, which no verifier reads."""

    msgid = "核对包超过 4 GB，这种格式装不下。请联系管理员。"


class Spool:
    """The files of a bundle on their way, in a folder that goes when the bundle stands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.parts: list[Part] = []

    def put(self, name: str, chunks: Iterable[str]) -> None:
        """Write a file piece by piece."""
        digest, length = hashlib.sha256(), 0
        with self.path(name).open("wb") as file:
            for chunk in chunks:
                raw = chunk.encode()
                file.write(raw)
                digest.update(raw)
                length += len(raw)
        self.parts.append(Part(name, digest.hexdigest(), length))

    def path(self, name: str) -> Path:
        """Return where a file lies meanwhile."""
        return self._folder / name


@contextmanager
def spooling(target: Path) -> Iterator[Spool]:
    """Yield a spool in the folder of ``target``, so that nothing crosses from one disk to another."""
    with TemporaryDirectory(prefix=".bundle-", dir=target.parent) as folder:
        yield Spool(Path(folder))


def pack(
    spool: Spool, target: Path, *, origin: str, sort: Sort, sign: Callable[[str], str]
) -> None:
    """Sign the manifest and write the canonical archive; ``target`` is replaced as a whole or not at all.

    ``sign`` turns a text into a signed note.
    """
    note = sign(manifest_text(origin, sort, spool.parts))
    names = sorted(part.name for part in spool.parts)
    spool.put(MANIFEST, [note])
    if any(part.length > _LONGEST for part in spool.parts):
        raise BundleTooLarge
    temporary = target.with_name(f".{secrets.token_hex(8)}")
    try:
        _write(temporary, spool, [MANIFEST, *names])
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, spool: Spool, names: Iterable[str]) -> None:
    with path.open("wb") as file:
        try:
            with zipfile.ZipFile(file, "w", allowZip64=False) as archive:
                for name in names:
                    _add(archive, name, spool.path(name))
        except zipfile.LargeZipFile as large:
            raise BundleTooLarge from large
        file.flush()
        os.fsync(file.fileno())


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = _UNIX
    entry.external_attr = _MODE
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(entry, "w") as sink:
        shutil.copyfileobj(source, sink, _AT_ONCE)
