"""Putting a backup where this installation's database and files lie, and saying which keys it still needs."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from voting.adapters.fingerprints import fingerprints
from voting.adapters.jobs import Queue
from voting.adapters.storage import sync_folder
from voting.persistence import snapshot
from voting.rounds.models import Round
from voting.upkeep.holder.copies import Progress, unpack
from voting.upkeep.holder.minutes import answers
from voting.upkeep.rules.manifest import DATABASE, FILES, Manifest, MissingKey, missing_keys
from voting.upkeep.rules.refusals import (
    BackupDamaged,
    CannotWrite,
    NoSuchFile,
    OtherVersion,
    PlaceTaken,
    StillServed,
)
from voting.upkeep.service import describing
from voting.web.db import current_config, current_database, current_files


@dataclass(frozen=True)
class Restored:
    """What was restored, and the keys that belong to it and are not on this server."""

    manifest: Manifest
    missing: list[MissingKey]


def version_wanted() -> str:
    """Return the version of the tables that this program wants."""
    heads = current_app.extensions["alembic"].heads()
    return ",".join(sorted(head.revision for head in heads))


def rounds_here() -> int:
    """Return how many rounds lie where a backup would be restored."""
    with current_database().reading() as session:
        if not inspect(session.connection()).has_table(Round.__tablename__):
            return 0
        return session.scalar(select(func.count()).select_from(Round)) or 0


def restore_backup(path: Path, *, replace: bool, progress: Progress) -> Restored:
    """Check a backup, put it into place, and look at it there; a place with rounds needs ``replace``.

    Raises NoSuchFile, StillServed, PlaceTaken, BackupDamaged, OtherVersion or CannotWrite; then everything is
    as it was.
    """
    if not path.is_file():
        raise NoSuchFile(name=path.name)
    config = current_config()
    if Queue(config.var / "jobs").is_served():
        raise StillServed
    number = rounds_here()
    if number and not replace:
        raise PlaceTaken(number=number)
    if number and answers():
        # The website would go on casting into the file that is put aside.
        raise StillServed
    try:
        config.var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=_beside(config.var)) as folder:
            manifest = unpack(path, Path(folder), progress)
            if manifest.revision != version_wanted():
                raise OtherVersion(found=manifest.revision, wanted=version_wanted())
            _put_files(Path(folder) / FILES, manifest, progress)
            _put_database(Path(folder) / DATABASE, progress)
    except OSError as refused:
        raise CannotWrite(
            name=config.var.name, why=refused.strerror or type(refused).__name__
        ) from refused
    with current_database().reading() as session:
        _require_whole(session, manifest)
    titles = {one.id: one.title for one in manifest.rounds}
    return Restored(manifest, missing_keys(manifest.keys, fingerprints(config.secrets), titles))


def _beside(var: Path) -> Path:
    """Return the folder of the database: only inside one file system is a file put into place at once."""
    file = current_database().file
    folder = file.resolve().parent if file else var
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _put_files(folder: Path, manifest: Manifest, progress: Progress) -> None:
    store = current_files()
    names = [part.name for part in manifest.parts if part.name != DATABASE]
    for done, name in enumerate(names, 1):
        store.put((folder.parent / name).read_bytes())
        progress("放回图片和文件", done, len(names))


def _put_database(copy: Path, progress: Progress) -> None:
    database = current_database()
    if database.file is not None:
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        database.replace_by(copy)
        sync_folder(database.file.resolve().parent)
        return
    current_app.extensions["alembic"].upgrade()
    snapshot.copy_in(copy, database, lambda done, total: progress("放回数据库", done, total))


def _require_whole(session: Session, manifest: Manifest) -> None:
    for name in describing.differences(session, manifest):
        raise BackupDamaged(where=name)


def read_backup(path: Path, progress: Progress) -> Manifest:
    """Check a backup without restoring it and return its manifest; raise NoSuchFile or BackupDamaged."""
    if not path.is_file():
        raise NoSuchFile(name=path.name)
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=path.resolve().parent) as folder:
        return unpack(path, Path(folder), progress)
