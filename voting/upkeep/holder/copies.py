"""Making a backup of this installation, and checking it by reading what was written."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from voting.adapters.archives import ArchiveDamaged, Part, describe, read_archive, write_archive
from voting.adapters.fingerprints import fingerprints
from voting.adapters.storage import FileStore
from voting.persistence import snapshot
from voting.persistence.session import Database
from voting.upkeep.rules.manifest import DATABASE, Manifest, NotAManifest, file_name, read_manifest
from voting.upkeep.rules.refusals import (
    BackupDamaged,
    BackupFaulty,
    CannotWrite,
    FileExists,
    TablesOutOfDate,
)
from voting.upkeep.service import describing
from voting.upkeep.service.checking import check_everything
from voting.web.db import current_config, current_database, current_files, now
from voting.web.text import _

log = logging.getLogger(__name__)

# What is being done, and how much of how much.
Progress = Callable[[str, int, int], None]


def create_backup(path: Path, *, wanted: str, progress: Progress) -> Manifest:
    """Write a backup of this moment and return what it holds, after it was read back and checked.

    ``wanted`` is the version of the tables. Raises FileExists, CannotWrite, TablesOutOfDate or BackupFaulty;
    then nothing has the name.
    """
    if path.exists():
        raise FileExists(name=path.name)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.resolve().parent) as folder:
            work = Path(folder)
            manifest, sources = _collect(work, wanted, progress)
            draft = work / "backup"
            reported = _carried(progress, "写备份", manifest.bytes)
            write_archive(draft, manifest.text(), sources, reported)
            unpack(draft, work / "read", progress)
            draft.rename(path)
    except OSError as refused:
        raise CannotWrite(
            name=path.name, why=refused.strerror or type(refused).__name__
        ) from refused
    except BackupDamaged as damaged:
        raise BackupFaulty(what=str(damaged)) from damaged
    return manifest


def _collect(
    work: Path, wanted: str, progress: Progress
) -> tuple[Manifest, list[tuple[Part, Path]]]:
    database, store = current_database(), current_files()
    with database.reading() as session:
        found = snapshot.revision_of(session.connection())
    if found != wanted:
        raise TablesOutOfDate(found=found or "-", wanted=wanted)
    copy = work / DATABASE
    snapshot.copy_out(database, copy, lambda done, total: progress("读数据库", done, total))
    with opened(copy) as copied, copied.reading() as session:
        kind = database.engine.dialect.name
        manifest = describing.describe(session, now=now(), database=kind)
        digests = sorted(describing.named_files(session))
    sources = [(describe(DATABASE, copy), copy)]
    lost = []
    for done, digest in enumerate(digests, 1):
        part = _stored(store, digest)
        if part is None:
            lost.append(digest)
        else:
            sources.append((part, store.path(digest)))
        progress("读图片和文件", done, len(digests))
    keys = fingerprints(current_config().secrets)
    parts = [part for part, _ in sources]
    return replace(manifest, keys=keys, lost=lost, parts=parts), sources


def _stored(store: FileStore, digest: str) -> Part | None:
    """Return a stored file as a part, or None when it is gone or no longer what its name says."""
    try:
        part = describe(file_name(digest), store.path(digest))
    except FileNotFoundError:
        return None
    return part if part.digest == digest else None


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Open a copied database for reading."""
    database = Database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.engine.dispose()


def unpack(path: Path, folder: Path, progress: Progress) -> Manifest:
    """Check every byte of a backup and everything in it, leave its parts in ``folder``, return its manifest.

    Raises BackupDamaged with the first thing that is off.
    """
    try:
        total = path.stat().st_size
        text = read_archive(
            path,
            lambda manifest: read_manifest(manifest).parts,
            lambda part: folder / part.name,
            _carried(progress, "核对备份", total),
        )
        manifest = read_manifest(text)
    except ArchiveDamaged as damaged:
        raise BackupDamaged(where=str(damaged)) from damaged
    except NotAManifest as odd:
        raise BackupDamaged(where="manifest.json") from odd
    _check(folder / DATABASE, manifest, progress)
    return manifest


def _check(path: Path, manifest: Manifest, progress: Progress) -> None:
    with opened(path) as database:
        findings = check_everything(
            database.reading,
            progress=lambda done, total: progress("核对内容", done, total),
            is_copy=True,
        )
        for finding in findings:
            raise BackupDamaged(where=_(finding.msgid, **finding.values))
        with database.reading() as session:
            for name in describing.differences(session, manifest):
                raise BackupDamaged(where=name)


def _carried(progress: Progress, what: str, total: int) -> Callable[[int], None]:
    done = 0

    def report(number: int) -> None:
        nonlocal done
        done += number
        progress(what, min(done, total), total)

    return report
