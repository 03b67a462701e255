"""The periodic work of an installation: what is done each minute, and two threads that do it.

One thread only leaves signs of life, so that a long check or a large urn is not taken for an outage. No
exception ends a thread: it is logged by its type, because the texts of the database quote names and ballots.
"""

import http.client
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from flask import Flask, g

from voting import clock
from voting.ledger.holder import checkpoint_due
from voting.paper.service.entering import forget_stale_keyings
from voting.roll.service import forget_uploads
from voting.roll.service.shelf import Shelf
from voting.rounds.service import beat, settle
from voting.upkeep.holder.checks import check_here
from voting.upkeep.holder.urns import repack_due
from voting.upkeep.rules.rhythm import Done, checked_day, is_check_due, is_signing_due
from voting.web.db import current_config, current_keys, now, transaction

log = logging.getLogger(__name__)
_SECONDS = 60.0
_PACK_SECONDS = 24 * 3600
_PATIENCE = 5.0


def answers() -> bool:
    """Tell whether the website of this installation answers on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", current_config().port, timeout=_PATIENCE)
    try:
        with closing(connection):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


class Pulse:
    """Leaves a sign of life in each minute in which the website answers."""

    def __init__(self, does_answer: Callable[[], bool] = answers) -> None:
        self._does_answer = does_answer

    def tick(self) -> None:
        """Leave a sign of life; what a silence before it took from votes is written down."""
        if self._does_answer():
            with transaction() as session:
                beat(session, now=now())


class Chores:
    """Does what is due: phases, ledgers, uploads, repacking, the check of the night."""

    def __init__(self) -> None:
        self._done = Done()

    def tick(self) -> None:
        """Do what is due; what fails does not keep the rest from being done."""
        moved = _careful(_settle) or 0
        for work in (
            lambda: self._sign(moved),
            _forget_uploads,
            _forget_packs,
            _forget_keyings,
            repack_due,
            self._check,
        ):
            _careful(work)

    def _sign(self, moved: int) -> None:
        if is_signing_due(self._done, now(), moved=moved):
            self._done.signed_at = now()
            checkpoint_due()

    def _check(self) -> None:
        if is_check_due(self._done, now()):
            self._done.checked_on = checked_day(now())
            faults = [one for one in check_here() if not one.is_remark]
            for one in faults:
                log.error("the check found %s in round %s", one.code, one.round_id or "-")


def _settle() -> int:
    with transaction() as session:
        return settle(session, now=now())


def _forget_uploads() -> None:
    with transaction() as session:
        forget_uploads(session, Shelf(current_config().var, current_keys()), now=now())


def _forget_packs() -> None:
    # A pack holds the register: whoever needs it longer has printed it.
    for path in (current_config().var / "prints").glob("emergency-*.pdf"):
        if now().timestamp() - path.stat().st_mtime > _PACK_SECONDS:
            path.unlink(missing_ok=True)


def _forget_keyings() -> None:
    with transaction() as session:
        forget_stale_keyings(session)


def _careful(work: Callable[[], int | None]) -> int | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 -- the next minute comes whatever this one brought
        log.error("periodic work failed: %s", type(error).__name__)  # noqa: TRY400 -- a text of the database quotes what it was given
        return None


def run_minute(app: Flask, tick: Callable[[], None], moment: datetime) -> None:
    """Do the work of one minute, in a context of its own."""
    with app.app_context():
        g.now = moment
        _careful(tick)


@contextmanager
def minutes(app: Flask, seconds: float = _SECONDS) -> Iterator[None]:
    """Do the periodic work beside whatever the block does; at its end, wait for the minute under way."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_loop, args=(app, tick, stop, seconds), name=name, daemon=True)
        for name, tick in (("pulse", Pulse().tick), ("chores", Chores().tick))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _loop(app: Flask, tick: Callable[[], None], stop: threading.Event, seconds: float) -> None:
    while not stop.is_set():
        run_minute(app, tick, clock.now())
        stop.wait(seconds)
