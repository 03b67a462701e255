"""Counts a round of this installation without holding its database while ballots are opened."""

import shutil
from collections.abc import Callable, Iterable

from voting.ballots.rules import receipt_code
from voting.custody.service import join_sheets
from voting.journal.rules import Actor
from voting.rounds.service import get_round
from voting.tally.models import Tally
from voting.tally.service import (
    NotOpenedByTwo,
    OpeningLacking,
    OpeningsStore,
    Progress,
    begin_count,
    by_key,
    by_openings,
    destroy,
    find_opening,
    get_tally,
    open_urn,
    sign_ledger,
    store,
)
from voting.tally.service.entries import SealFacts
from voting.tally.service.openers import Opener
from voting.tally.service.opening import require_counting
from voting.tally.service.openings import Opening
from voting.web.db import current_config, current_database, current_keys, now, transaction


def openings_store() -> OpeningsStore:
    """Return the kept openings of this installation."""
    return OpeningsStore(current_config().var / "openings", current_keys())


def lend_key(round_id: str, typed: tuple[str, str]) -> None:
    """Lend the key that two sheets restore to the count, through one file of the keyring.

    Only once two officers have agreed. Raises NotFound, VotingStillOn, NotCounting, NotOpenedByTwo, or what
    ``voting.custody.service.join_sheets`` raises.
    """
    with transaction() as session:
        round = require_counting(session, now=now(), round_id=round_id)
        opening = find_opening(session, round_id)
        if opening is None or opening.second_officer is None:
            raise NotOpenedByTwo
        private = join_sheets(session, round=round, typed=typed)
    current_keys().lend_seal_key(round_id, private)


def count_apart(round_id: str, progress: Progress | None = None) -> Tally:
    """Count a round, or return what is stored; raise what ``voting.tally.service.count`` raises.

    Opening 100,000 ballots takes seconds: in one transaction nobody else could vote on SQLite meanwhile.
    What a count that was stopped has opened is taken up. A key that monitors lent is taken back, whatever
    comes of the count.
    """
    keys = current_keys()
    try:
        return _count(round_id, lambda seal: by_key(keys, seal), progress)
    finally:
        keys.take_back_seal_key(round_id)


def take_apart(
    round_id: str, openings: Iterable[Opening], progress: Progress | None = None
) -> Tally:
    """Count a round from what another computer brought out of its urn; the key was never here.

    Each opening is held against what was fixed when the ballot was cast. Raises what ``count_apart`` raises,
    or OpeningLacking where openings are missing, or left over.
    """
    following = iter(openings)

    def brought(_seal: SealFacts) -> Opener:
        # Every ballot stands in the file: what was opened here before is not taken up beside it.
        openings_store().drop(round_id)
        return by_openings(following)

    def nothing_is_left() -> None:
        left = next(following, None)
        if left is not None:
            raise OpeningLacking(code=receipt_code(left.slot))

    return _count(round_id, brought, progress, nothing_is_left)


def _count(
    round_id: str,
    opener: Callable[[SealFacts], Opener],
    progress: Progress | None = None,
    finish: Callable[[], None] = lambda: None,
) -> Tally:
    with current_database().reading() as session:
        # Its id becomes the name of a file.
        get_round(session, round_id)
    with openings_store().held(round_id):
        with transaction() as session:
            seal = begin_count(session, now=now(), keys=current_keys(), round_id=round_id)
            if seal is None:
                return get_tally(session, round_id)
        # Before the file is touched: without its key a count leaves it as it is.
        way = opener(seal)
        with openings_store().writing(round_id) as keeper:
            opened = open_urn(
                current_database().reading, opener=way, seal=seal, progress=progress, keeper=keeper
            )
            finish()
        with transaction() as session:
            tally = store(session, now=now(), keys=current_keys(), seal=seal, opened=opened)
            sign_ledger(session, now=now(), keys=current_keys(), round_id=round_id)
            return tally


def destroy_apart(round_id: str, actor: Actor) -> None:
    """Let the second officer destroy a round's key: first it is written down, then the files go.

    Raises what ``voting.tally.service.destroy`` raises.
    """
    with transaction() as session:
        destroy(session, now=now(), actor=actor, keys=current_keys(), round_id=round_id)
    forget_files(round_id)


def incoming(round_id: str) -> str:
    """Return how a folder begins in which openings of a round come in."""
    return f".incoming-{round_id}-"


def forget_incoming(round_id: str = "") -> None:
    """Delete openings on their way in, of a round or of all, that a killed process left behind."""
    pattern = f"{incoming(round_id)}*" if round_id else ".incoming-*"
    for folder in current_config().var.glob(pattern):
        shutil.rmtree(folder, ignore_errors=True)


def forget_files(round_id: str) -> None:
    """Delete every file that opens a round's ballots, or holds what came out of them; again without harm."""
    openings_store().forget(round_id)
    forget_incoming(round_id)
    # Bundles that were made before may hold what came out of the urn; without it they are made anew.
    shutil.rmtree(current_config().var / "bundles" / round_id, ignore_errors=True)
    current_keys().forget_seal_key(round_id)
