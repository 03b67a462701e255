"""A tar file of which every byte is accounted for: what is read is exactly what would be written anew.

Any tar program opens it. The first member is a text the caller gives (the manifest), the second its SHA-256,
then come the parts the manifest names, in its order and nothing else. A byte that changed anywhere is found:
in a part by its digest, in a header or in padding because the writer would have written another.
"""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voting.adapters.storage import sync_folder

MANIFEST = "manifest.json"
_DIGEST = "manifest.sha256"
_BLOCK = 512
_CHUNK = 1 << 20
_END = bytes(2 * _BLOCK)
_MOST_MANIFEST = 1 << 28

Progress = Callable[[int], None]


class ArchiveDamaged(Exception):
    """The file is no archive of this kind, or not as it was written; the text says where."""


@dataclass(frozen=True)
class Part:
    """A file inside an archive: its name, its size in bytes, its SHA-256 in hex."""

    name: str
    size: int
    digest: str


def describe(name: str, path: Path) -> Part:
    """Return the part that a file would be."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(name, path.stat().st_size, digest)


def write_archive(
    path: Path,
    manifest: bytes,
    parts: Iterable[tuple[Part, Path]],
    progress: Progress | None = None,
) -> None:
    """Write an archive durably under its name; nothing stands under it before all of it is on the disk.

    Raises ArchiveDamaged when a file changed since it was described.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            digest = hashlib.sha256(manifest).hexdigest().encode()
            for name, content in ((MANIFEST, manifest), (_DIGEST, digest)):
                file.write(_header(name, len(content)) + content + _padding(len(content)))
            for part, source in parts:
                file.write(_header(part.name, part.size))
                with source.open("rb") as opened:
                    _carry(opened, part, file, progress)
                file.write(_padding(part.size))
            file.write(_END)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def read_archive(
    path: Path,
    parts_of: Callable[[bytes], Sequence[Part]],
    place: Callable[[Part], Path],
    progress: Progress | None = None,
) -> bytes:
    """Check every byte of an archive, put its parts where ``place`` says, and return its manifest.

    ``parts_of`` reads the parts out of the manifest, which is whole by then. Raises ArchiveDamaged.
    """
    with path.open("rb") as file:
        manifest = _read_text(file, MANIFEST)
        if _read_text(file, _DIGEST) != hashlib.sha256(manifest).hexdigest().encode():
            raise ArchiveDamaged(MANIFEST)
        for part in parts_of(manifest):
            if file.read(_BLOCK) != _header(part.name, part.size):
                raise ArchiveDamaged(part.name)
            target = place(part)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("xb") as out:
                _carry(file, part, out, progress)
            if file.read(len(_padding(part.size))) != _padding(part.size):
                raise ArchiveDamaged(part.name)
        if file.read(len(_END) + 1) != _END:
            raise ArchiveDamaged("end")
    return manifest


def _read_text(file: IO[bytes], name: str) -> bytes:
    header = file.read(_BLOCK)
    try:
        size = tarfile.TarInfo.frombuf(header, "ascii", "strict").size
    except (tarfile.HeaderError, UnicodeError, ValueError) as odd:
        raise ArchiveDamaged(name) from odd
    if not 0 <= size <= _MOST_MANIFEST or header != _header(name, size):
        raise ArchiveDamaged(name)
    content = file.read(size)
    if len(content) != size or file.read(len(_padding(size))) != _padding(size):
        raise ArchiveDamaged(name)
    return content


def _carry(source: IO[bytes], part: Part, target: IO[bytes], progress: Progress | None) -> None:
    left, digest = part.size, hashlib.sha256()
    while left:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            raise ArchiveDamaged(part.name)
        digest.update(chunk)
        target.write(chunk)
        left -= len(chunk)
        if progress:
            progress(len(chunk))
    if digest.hexdigest() != part.digest:
        raise ArchiveDamaged(part.name)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)
