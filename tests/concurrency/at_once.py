"""Acts that begin at the same moment, with and without the guards of the database."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from voting.errors import Refusal
from voting.persistence import triggers
from voting.persistence.session import Database


@contextmanager
def without(database: Database, *names: str) -> Iterator[None]:
    """Take guards of the database away."""
    guards = [one for one in triggers.GUARDS if one.name in names]
    assert len(guards) == len(names)
    with database.transaction() as session:
        triggers.drop(session.connection(), guards)
    yield


def together(acts: Sequence[Callable[..., object]]) -> list[type[Refusal] | None]:
    """Let all acts begin at once; return how each ended: None, or the class of its refusal."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[..., object]) -> type[Refusal] | None:
        start.wait()
        try:
            act()
        except Refusal as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
