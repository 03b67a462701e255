"""The one password of the demo's officers: made once, kept in a file that only its owner may read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from voting.accounts.rules import new_password


def kept_password(folder: Path) -> str:
    """Return the password; of two processes that make it at once, both get the same."""
    path = folder / "demo.password"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, new_password())
    return path.read_text("ascii")


def _write_once(path: Path, password: str) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    # A link refuses an existing name, where a rename would take its place: the first one stands.
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
