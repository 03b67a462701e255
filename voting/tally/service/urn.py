"""Opening the urn: every entry is held against its leaf, opened, and forgotten but for what it says.

Entries are read in the order of their slots, a few thousand at a time, each time in a session of its own:
on SQLite a reader that stays open would keep every other round from voting. The urn is closed by then, so
nothing is missed between two readings.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import CannotOpen, unseal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, leaf_of, receipt_code, seal_info
from voting.errors import Refusal
from voting.tally.rules.deciding import urn_digest
from voting.tally.rules.judging import Contents, contents_of
from voting.tally.service.openings import Opening

Reading = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int], None]
Entry = Row[bytes, bytes, bytes]
Opener = Callable[[Entry], Opening]
Keep = Callable[[Opening], None]

_URN = cast("Table", UrnEntry.__table__)
_AT_ONCE = 2000
_SEAL = 48  # what HPKE adds to a text
_DIGEST = 32


class SealKeyMissing(Refusal):
    """The private key of this round is not on this server."""

    msgid = "这台服务器上没有本轮的开箱钥匙，不能开箱。请管理员从密钥备份里恢复，再重新计票。"


class SheetsNeeded(SealKeyMissing):
    """Monitors hold the key; two of their sheets lend it."""

    msgid = "本轮的开箱钥匙在监票人手里。请监票人带两张钥匙纸来，在“计票”一页读入。"


class DamagedEntry(Refusal):
    """One entry of the urn is not what was put in; the count stops and stores nothing."""

    msgid = "票箱里有一张选票有问题（回执号 %(code)s）。计票已停止，什么都没有记录。"


class LeafChanged(DamagedEntry):
    """What the entry holds does not give its leaf."""

    msgid = (
        "票箱里有一张选票和它的封存记录对不上（回执号 %(code)s）。计票已停止，什么都没有记录。"
        "请保留现场，联系管理员。"
    )


class ForeignEntry(DamagedEntry):
    """The entry was not sealed with this round's key for this slot, or was changed since."""

    msgid = (
        "票箱里有一张选票打不开（回执号 %(code)s）：不是本轮封存的，或者被改动过。"
        "计票已停止，什么都没有记录。请保留现场，联系管理员。"
    )


class WrongLength(DamagedEntry):
    """All ballots of a round have one length, and this entry has another."""

    msgid = (
        "票箱里有一张选票的长度不对（回执号 %(code)s）。计票已停止，什么都没有记录。"
        "请保留现场，联系管理员。"
    )


class OpeningLacking(DamagedEntry):
    """The openings that were brought do not fit the urn."""

    msgid = (
        "带回来的开箱明细和票箱对不上（回执号 %(code)s）。计票已停止，什么都没有记录。"
        "请核对是不是这一轮最后一次导出的票箱。"
    )


@dataclass(frozen=True)
class SealFacts:
    """What the ballots of a round were sealed with: its id, the hash of its rules, their one length.

    ``aside`` are the slots of test ballots, ``voided`` those of papers that were entered wrongly: they are
    opened and do not count. ``sampled`` are those of papers the monitors drew: they
    count, and are returned as well.
    """

    round_id: str
    config_hash: bytes
    ballot_length: int
    aside: frozenset[bytes] = frozenset()
    voided: frozenset[bytes] = frozenset()
    sampled: frozenset[bytes] = frozenset()
    by_monitors: bool = False


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


def urn_size(session: Session, round_id: str) -> int:
    """Return how many ballots lie in an urn; nobody may be shown it before the urn is opened."""
    return session.scalar(select(func.count()).where(_URN.c.round_id == round_id)) or 0


def open_urn(
    reading: Reading,
    *,
    opener: Opener,
    seal: SealFacts,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Opened:
    """Open every entry; raise LeafChanged, ForeignEntry, WrongLength or what ``opener`` raises.

    ``progress`` hears how many are done, ``keep`` takes each opening in the order of slots. Test ballots
    are opened and returned, voided ones only opened; neither count.
    """
    said: Counter[bytes] = Counter()
    kept_out: dict[bytes, bytes] = {}
    sampled: dict[bytes, bytes] = {}
    leaves: list[bytes] = []
    for entries in _batches(reading, seal.round_id):
        for entry in entries:
            opening = opener(entry)
            _check(opening, entry, seal)
            if keep:
                keep(opening)
            if opening.slot in seal.voided:
                continue
            if opening.slot in seal.aside:
                kept_out[opening.slot] = opening.padded
                continue
            said[opening.padded] += 1
            if opening.slot in seal.sampled:
                sampled[opening.slot] = opening.padded
        leaves.extend(entry.leaf for entry in entries)
        if progress:
            progress(len(leaves))
    return Opened(len(leaves), urn_digest(leaves), contents_of(said), kept_out, sampled)


def _batches(reading: Reading, round_id: str) -> Iterator[Sequence[Entry]]:
    after = b""
    columns = select(_URN.c.slot, _URN.c.sealed, _URN.c.leaf)
    while True:
        query = columns.where(_URN.c.round_id == round_id, _URN.c.slot > after)
        with reading() as session:
            entries = session.execute(query.order_by(_URN.c.slot).limit(_AT_ONCE)).all()
        if not entries:
            return
        yield entries
        after = entries[-1].slot


def by_key(keys: Keyring, seal: SealFacts) -> Opener:
    """Open entries with the round's private key; raise SealKeyMissing."""
    try:
        private = keys.seal_key(seal.round_id)
    except KeyMissing as missing:
        raise (SheetsNeeded if seal.by_monitors else SealKeyMissing) from missing

    def unsealed(entry: Entry) -> Opening:
        if len(entry.sealed) != SALT_LENGTH + seal.ballot_length + _SEAL:
            raise WrongLength(code=receipt_code(entry.slot))
        info = seal_info(seal.round_id, seal.config_hash, entry.slot)
        try:
            text = unseal(private, entry.sealed, info)
        except CannotOpen as closed:
            raise ForeignEntry(code=receipt_code(entry.slot)) from closed
        return Opening(entry.slot, text[:SALT_LENGTH], text[SALT_LENGTH:])

    return unsealed


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

    return looked_up


def _check(opening: Opening, entry: Entry, seal: SealFacts) -> None:
    """Hold what came out of an entry against what was fixed when it was dropped in."""
    code = receipt_code(entry.slot)
    lengths = (len(entry.slot), len(opening.salt), len(opening.padded), len(entry.leaf))
    if lengths != (_DIGEST, SALT_LENGTH, seal.ballot_length, _DIGEST):
        raise WrongLength(code=code)
    given = leaf_of(seal.round_id, seal.config_hash, entry.slot, opening.salt, opening.padded)
    if given != entry.leaf:
        raise LeafChanged(code=code)
