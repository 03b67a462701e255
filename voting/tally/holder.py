"""Counts a round of this installation without holding its database while ballots are opened."""

from voting.tally.models import Tally
from voting.tally.service import OpeningsStore, begin_count, get_tally, open_urn, sign_ledger, store
from voting.tally.service.urn import Progress, by_key
from voting.web.db import current_config, current_database, current_keys, now, transaction


def openings_store() -> OpeningsStore:
    """Return the kept openings of this installation."""
    return OpeningsStore(current_config().var / "openings", current_keys())


def count_apart(round_id: str, progress: Progress | None = None) -> Tally:
    """Count a round, or return what is stored; raise what ``voting.tally.service.count`` raises.

    Opening 100,000 ballots takes seconds: in one transaction nobody else could vote on SQLite meanwhile.
    """
    database, keys = current_database(), current_keys()
    with transaction() as session:
        seal = begin_count(session, now=now(), keys=keys, round_id=round_id)
        if seal is None:
            return get_tally(session, round_id)
    with openings_store().writing(round_id) as keep:
        opener = by_key(keys, seal)
        opened = open_urn(database.reading, opener=opener, seal=seal, progress=progress, keep=keep)
    with transaction() as session:
        tally = store(session, now=now(), seal=seal, opened=opened)
        sign_ledger(session, now=now(), keys=keys, round_id=round_id)
        return tally
