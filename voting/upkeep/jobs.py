"""Laying out an emergency pack, apart from any request."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from voting.adapters.jobs import Work
from voting.roll.service import roll_counts
from voting.upkeep.document.packing import make_pack
from voting.upkeep.service.packing import PACK, ballots_of, next_serial, pack_file
from voting.web.db import current_config, current_database


def lay_out(work: Work) -> None:
    """Make the pack of a round and put it where the round's page finds it."""
    with current_database().reading() as session:
        ballots = ballots_of(roll_counts(session, work.subject_id).listed)
        first = next_serial(session, work.subject_id)

    def begin(sheets: int) -> Callable[[int], None]:
        # The row was made before anybody knew how many sheets there are: it counts in ballots.
        return lambda done: work.progress(done * ballots // max(sheets, 1))

    content = make_pack(work.subject_id, ballots=ballots, begin=begin, first=first)
    _put(pack_file(current_config().var, work.subject_id), content)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


HANDLERS = {PACK: lay_out}
