"""Repacking the urns of this installation."""

from typing import cast

from sqlalchemy import Table

from voting.ballots.models import UrnEntry
from voting.paper.models import AssistedBallot
from voting.persistence.repacking import rewrite_file, rewrite_rows
from voting.upkeep.service.repacking import (
    is_anybody_voting,
    note_repacked,
    require_over,
    waiting_urns,
)
from voting.web.db import current_database, now, transaction

_URN = cast("Table", UrnEntry.__table__)
_ASSISTED = cast("Table", AssistedBallot.__table__)


def repack(round_id: str) -> None:
    """Write the urn of a round anew; raise NotFound, StillVoting or OthersVote."""
    database = current_database()
    with database.reading() as session:
        require_over(session, now=now(), round_id=round_id, whole=database.file is not None)
    _rewrite([round_id])


def repack_due() -> int:
    """Write the urns anew whose vote is over; return how many. On SQLite only when nobody votes anywhere."""
    database = current_database()
    with database.reading() as session:
        due = waiting_urns(session, now=now())
        must_wait = database.file is not None and is_anybody_voting(session, now=now())
    if not due or must_wait:
        return 0
    _rewrite(due)
    return len(due)


def _rewrite(round_ids: list[str]) -> None:
    database = current_database()
    if database.file is not None:
        rewrite_file(database)
    else:
        with database.reading() as session:
            fully = not is_anybody_voting(session, now=now())
        for round_id in round_ids:
            rewrite_rows(database, _URN, round_id, same=_URN.c.batch_no, fully=fully)
            rewrite_rows(database, _ASSISTED, round_id, same=_ASSISTED.c.first_by, fully=fully)
    with transaction() as session:
        for round_id in round_ids:
            note_repacked(session, now=now(), round_id=round_id)
