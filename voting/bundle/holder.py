"""Makes bundles of this installation, and keeps the public one until a newer head stands."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from voting.bundle.rules import Sort
from voting.bundle.service import Made, make_bundle, public_cover
from voting.bundle.service.gathering import Progress
from voting.errors import NotFound
from voting.ledger.holder import checkpoint_apart
from voting.tally.holder import openings_store
from voting.web.db import current_config, current_database, current_keys

# Of many who ask at once for a bundle that does not stand yet, one makes it.
_making = threading.Lock()


@dataclass(frozen=True)
class Kept:
    """A bundle that stands on this server: its file, the entries it covers, their root."""

    path: Path
    entries: int
    head: bytes

    @property
    def etag(self) -> str:
        """What changes whenever the bundle does."""
        return self.path.stem + "-" + self.head.hex()[:32]


def bundle_apart(
    round_id: str, sort: Sort, target: Path, *, progress: Progress | None = None
) -> Made:
    """Bring the ledger up to date, and write a bundle of all of it."""
    checkpoint_apart(round_id)
    return _make(round_id, sort, target, progress=progress)


def kept_public(round_id: str) -> Kept:
    """Return the public bundle of a round, made if nobody asked for it since its newest checkpoint."""
    with current_database().reading() as session:
        cover = public_cover(session, round_id)
        session.expunge_all()
    folder = _folder(round_id)
    path = folder / f"public-{cover.size}.zip"
    with _making:
        if not path.exists():
            _make(round_id, Sort.PUBLIC, path, size=cover.size)
            for older in folder.glob("public-*.zip"):
                if older != path:
                    older.unlink(missing_ok=True)
    return Kept(path, cover.size, cover.root)


def make_for_monitors(round_id: str) -> Made:
    """Make the monitors' bundle anew, to be downloaded at the desk."""
    with _making:
        return bundle_apart(round_id, Sort.MONITORS, monitors_path(round_id))


def take_for_monitors(round_id: str) -> tuple[BinaryIO, int]:
    """Return the monitors' bundle, open, and its length; its name is gone already. Raise NotFound.

    It holds every ballot. The openings go with the key of the urn, and no copy may outlive them here.
    """
    path = monitors_path(round_id)
    try:
        file = path.open("rb")
    except FileNotFoundError as absent:
        raise NotFound from absent
    path.unlink(missing_ok=True)
    return file, os.fstat(file.fileno()).st_size


def monitors_path(round_id: str) -> Path:
    """Return where the monitors' bundle of a round stands once it is made."""
    return _folder(round_id) / "monitors.zip"


def _folder(round_id: str) -> Path:
    folder = current_config().var / "bundles" / round_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _make(
    round_id: str,
    sort: Sort,
    target: Path,
    *,
    size: int | None = None,
    progress: Progress | None = None,
) -> Made:
    return make_bundle(
        current_database().reading,
        keys=current_keys(),
        openings=openings_store(),
        round_id=round_id,
        sort=sort,
        target=target,
        size=size,
        progress=progress,
    )
