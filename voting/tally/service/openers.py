"""The ways to open the entries of an urn: by its key, on all cores or here, or by what came out before."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import OVERHEAD
from voting.adapters.unsealing import Pair, cores, unseal_many
from voting.ballots.rules import SALT_LENGTH, receipt_code, seal_info
from voting.tally.service.entries import (
    Batch,
    DamagedEntry,
    Entry,
    ForeignEntry,
    OpeningLacking,
    SealFacts,
    SealKeyMissing,
    SheetsNeeded,
    WrongLength,
    check,
)
from voting.tally.service.openings import Keeper, Opening

Opener = Callable[[Iterator[Batch]], Iterator[tuple[Batch, list[Opening]]]]
"""Takes batches of entries and gives each back with what came out of it, in their order."""


def by_key(keys: Keyring, seal: SealFacts, children: int | None = None) -> Opener:
    """Open entries with the round's private key; raise SealKeyMissing.

    Large urns are opened by ``children``, one for each core unless told otherwise.
    """
    try:
        private = keys.seal_key(seal.round_id)
    except KeyMissing as missing:
        raise (SheetsNeeded if seal.by_monitors else SealKeyMissing) from missing
    number = cores() if children is None else children

    def opened(batches: Iterator[Batch]) -> Iterator[tuple[Batch, list[Opening]]]:
        asked: deque[Batch] = deque()

        def requests() -> Iterator[list[Pair]]:
            for batch in batches:
                asked.append(batch)
                yield [
                    (seal_info(seal.round_id, seal.config_hash, one.slot), one.sealed)
                    for one in batch
                ]

        for texts in unseal_many(private, requests(), children=number):
            batch = asked.popleft()
            yield batch, [_read(*one, seal) for one in zip(batch, texts, strict=True)]

    return opened


def by_openings(openings: Iterable[Opening]) -> Opener:
    """Open entries with what came out of them before, here or on another computer, sorted by slot.

    No key is needed: an opening that does not give the leaf of its entry is refused like any other.
    """
    following = iter(openings)

    def looked_up(entry: Entry) -> Opening:
        opening = next(following, None)
        if opening is None or opening.slot != entry.slot:
            raise OpeningLacking(code=receipt_code(entry.slot))
        return opening

    def opened(batches: Iterator[Batch]) -> Iterator[tuple[Batch, list[Opening]]]:
        for batch in batches:
            yield batch, [looked_up(entry) for entry in batch]

    return opened


def checked(opener: Opener, seal: SealFacts) -> Opener:
    """Open with ``opener`` and hold each opening against its leaf; raise LeafChanged or WrongLength."""

    def opened(batches: Iterator[Batch]) -> Iterator[tuple[Batch, list[Opening]]]:
        for batch, openings in opener(batches):
            for opening, entry in zip(openings, batch, strict=True):
                check(opening, entry, seal)
            yield batch, openings

    return opened


def taken_up(opener: Opener, keeper: Keeper, seal: SealFacts) -> Opener:
    """Open with what a count that was stopped has kept, as far as it fits the urn; then with ``opener``.

    What does not fit is dropped and opened anew: a file is believed no more than another computer is.
    """

    def opened(batches: Iterator[Batch]) -> Iterator[tuple[Batch, list[Opening]]]:
        left = batches
        for openings in keeper.kept():
            batch = next(batches, None)
            if batch is None or not _fit(openings, batch, seal):
                keeper.drop_last()
                left = chain([batch] if batch else [], batches)
                break
            yield batch, openings
        for batch, openings in opener(left):
            keeper.keep(openings)
            yield batch, openings

    return opened


def _fit(openings: list[Opening], batch: Batch, seal: SealFacts) -> bool:
    if [one.slot for one in openings] != [entry.slot for entry in batch]:
        return False
    try:
        for opening, entry in zip(openings, batch, strict=True):
            check(opening, entry, seal)
    except DamagedEntry:
        return False
    return True


def _read(entry: Entry, text: bytes | None, seal: SealFacts) -> Opening:
    if len(entry.sealed) != SALT_LENGTH + seal.ballot_length + OVERHEAD:
        raise WrongLength(code=receipt_code(entry.slot))
    if text is None:
        raise ForeignEntry(code=receipt_code(entry.slot))
    return Opening(entry.slot, text[:SALT_LENGTH], text[SALT_LENGTH:])
