"""The entries of an urn: read in the order of slots, and what one must fit to count.

They are read a few thousand at a time, each time in a session of its own: on SQLite a reader that stays
open would keep every other round from voting. The urn is closed by then, so nothing is missed between two
readings.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from voting.ballots.models import UrnEntry
from voting.ballots.rules import SALT_LENGTH, leaf_of, receipt_code
from voting.errors import Refusal
from voting.tally.service.openings import Opening

Reading = Callable[[], AbstractContextManager[Session]]
Entry = Row[bytes, bytes, bytes]
Batch = Sequence[Entry]

_URN = cast("Table", UrnEntry.__table__)
_AT_ONCE = 2000
# What is opened, and kept, together: few enough that a kill costs a moment of work.
_BATCH = 500
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


def urn_size(session: Session, round_id: str) -> int:
    """Return how many ballots lie in an urn; nobody may be shown it before the urn is opened."""
    return session.scalar(select(func.count()).where(_URN.c.round_id == round_id)) or 0


def batches_of(reading: Reading, round_id: str) -> Iterator[Batch]:
    """Yield the entries of an urn in the order of slots, some hundred at a time."""
    after = b""
    columns = select(_URN.c.slot, _URN.c.sealed, _URN.c.leaf)
    while True:
        query = columns.where(_URN.c.round_id == round_id, _URN.c.slot > after)
        with reading() as session:
            entries = session.execute(query.order_by(_URN.c.slot).limit(_AT_ONCE)).all()
        if not entries:
            return
        for at in range(0, len(entries), _BATCH):
            yield entries[at : at + _BATCH]
        after = entries[-1].slot


def check(opening: Opening, entry: Entry, seal: SealFacts) -> None:
    """Hold what came out of an entry against what was fixed when it was dropped in.

    Raises WrongLength or LeafChanged.
    """
    lengths = (len(entry.slot), len(opening.salt), len(opening.padded), len(entry.leaf))
    if lengths != (_DIGEST, SALT_LENGTH, seal.ballot_length, _DIGEST):
        raise WrongLength(code=receipt_code(entry.slot))
    given = leaf_of(seal.round_id, seal.config_hash, entry.slot, opening.salt, opening.padded)
    if given != entry.leaf:
        raise LeafChanged(code=receipt_code(entry.slot))
