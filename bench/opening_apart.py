"""Opens one urn and says how long it took: ``python -m bench.opening_apart URL VAR ROUND CHILDREN KEPT``.

KEPT names a folder of openings: a second opening with the same name takes up what the first has kept.
"""

import json
import resource
import sys
import time
from pathlib import Path

from tests.factories.ballots import keyring
from voting.adapters.sealing import public_of, seal, unseal
from voting.ballots.rules import SALT_LENGTH
from voting.persistence.session import Database
from voting.rounds.service import get_round
from voting.tally.service import OpeningsStore, by_key, open_urn
from voting.tally.service.counting import seal_facts
from voting.tally.service.entries import SealFacts

_BARE = 5000


def main(url: str, var: Path, round_id: str, children: int, kept: str) -> None:
    """Open, keep the openings, and print figures as JSON."""
    database, keys = Database(url), keyring(var)
    with database.reading() as session:
        facts = seal_facts(session, get_round(session, round_id))
    bare = _bare_seconds(keys.seal_key(round_id), facts)
    store = OpeningsStore(var / f"openings-{kept}", keys)
    began, spent = time.perf_counter(), _processor()
    with store.writing(round_id) as keeper:
        opened = open_urn(
            database.reading, opener=by_key(keys, facts, children), seal=facts, keeper=keeper
        )
    said = {
        "ballots": opened.entries,
        "different": len(opened.contents.said),
        "digest": opened.digest.hex(),
        "seconds": time.perf_counter() - began,
        "processor": _processor() - spent,
        "bare": bare,
    }
    print(json.dumps(said))


def _processor() -> float:
    """Return the processor seconds of this process and of the children that have ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _bare_seconds(private: bytes, facts: SealFacts) -> float:
    """Return the processor seconds of one bare opening of a ballot of this length."""
    text, info = bytes(SALT_LENGTH + facts.ballot_length), b"bench"
    sealed = [seal(public_of(private), text, info) for _ in range(_BARE)]
    began = time.process_time()
    for one in sealed:
        unseal(private, one, info)
    return (time.process_time() - began) / _BARE


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])
