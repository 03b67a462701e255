"""Opening the urn: every entry is held against its leaf, opened, and forgotten but for what it says."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from voting.tally.rules.judging import Contents, contents_of
from voting.tally.service.entries import Reading, SealFacts, batches_of
from voting.tally.service.leaves import LeafDigest
from voting.tally.service.openers import Opener, checked, taken_up
from voting.tally.service.openings import Keeper, Opening

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Opened:
    """What came out of an urn: how many entries, the digest of its leaves, and what the ballots say.

    ``aside`` are the padded test ballots, by slot, that are kept out of the contents.
    """

    entries: int
    digest: bytes
    contents: Contents
    aside: Mapping[bytes, bytes] = field(default_factory=dict)
    sampled: Mapping[bytes, bytes] = field(default_factory=dict)


def open_urn(
    reading: Reading,
    *,
    opener: Opener,
    seal: SealFacts,
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> Opened:
    """Open every entry; raise LeafChanged, ForeignEntry, WrongLength or what ``opener`` raises.

    ``progress`` hears how many are done. ``keeper`` takes the openings in the order of slots, and gives those
    that a count before this one has left. Test ballots are opened and returned, voided ones only opened;
    neither count.
    """
    said = _Said(seal)
    way = checked(opener, seal)
    if keeper:
        way = taken_up(way, keeper, seal)
    done = 0
    with LeafDigest() as leaves:
        for batch, openings in way(batches_of(reading, seal.round_id)):
            for opening in openings:
                said.take(opening)
            leaves.add(entry.leaf for entry in batch)
            done += len(batch)
            if progress:
                progress(done)
        return Opened(done, leaves.digest(), contents_of(said.counted), said.aside, said.sampled)


class _Said:
    """What the ballots say: those that count as a multiset, test ballots and drawn ones by slot."""

    def __init__(self, seal: SealFacts) -> None:
        self._seal = seal
        self.counted: Counter[bytes] = Counter()
        self.aside: dict[bytes, bytes] = {}
        self.sampled: dict[bytes, bytes] = {}

    def take(self, opening: Opening) -> None:
        slot = opening.slot
        if slot in self._seal.voided:
            return
        if slot in self._seal.aside:
            self.aside[slot] = opening.padded
            return
        self.counted[opening.padded] += 1
        if slot in self._seal.sampled:
            self.sampled[slot] = opening.padded
