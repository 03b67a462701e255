"""Checking this installation, and remembering what was found."""

from collections.abc import Callable

from voting.upkeep.rules.findings import Finding
from voting.upkeep.service.checking import check_everything, keep_run
from voting.web.db import current_database, now, transaction

Progress = Callable[[int, int], None]


def check_here(*, progress: Progress | None = None, keep: bool = True) -> list[Finding]:
    """Return all that does not fit here; ``keep`` lets the desk say so until a later check is clean."""
    findings = check_everything(current_database().reading, progress=progress)
    if keep:
        with transaction() as session:
            keep_run(session, now=now(), findings=findings)
    return findings
