"""What goes into a bundle, read from the database a few thousand rows at a time."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.signing import public_half, sign
from voting.ballots.models import UrnEntry
from voting.bundle.rules import (
    Sort,
    about,
    checkpoints_text,
    opening_line,
    publishes_ballots,
    sealed_line,
)
from voting.bundle.service.packing import Spool, pack, spooling
from voting.errors import NotFound, Refusal
from voting.ledger.models import Checkpoint, Ledger, LedgerEntry
from voting.ledger.rules.notes import head_digits, signed_note
from voting.ledger.rules.tree import Frontier, leaf_hash
from voting.ledger.service import (
    LedgerDamaged,
    LedgerKeyMissing,
    checkpoints_of,
    entries_of,
    find_head,
    get_checkpoint,
    get_ledger,
)
from voting.results.service import find_result
from voting.rounds.models import Round
from voting.rounds.service import get_round
from voting.tally.service import OpeningsStore, find_tally
from voting.tally.service.drawn import find_drawn

Reading = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int], None]

_ENTRY = cast("Table", LedgerEntry.__table__)
_URN = cast("Table", UrnEntry.__table__)
_AT_ONCE = 2000


class OutcomeChanged(Refusal):
    """The stored outcome is not the one whose digest stands in the ledger."""

    msgid = "保存的计票结果和公开账本里记的不一致，不能做核对包。请保留现场，联系管理员。"


class NothingSealed(Refusal):
    """The ciphertexts went with the key."""

    msgid = "本轮的钥匙已经销毁，密封的选票一起删掉了，不能再做开箱用的核对包。"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A bundle that stands: how many entries it covers, their root (32 bytes), how many ballots."""

    path: Path
    sort: Sort
    entries: int
    ballots: int
    head: bytes

    @property
    def length(self) -> int:
        """The length of the file in bytes."""
        return self.path.stat().st_size


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What one look into the database gives."""

    round_id: str
    title: str
    config: str
    ledger: Ledger
    head: Checkpoint
    notes: list[str]
    outcome: str | None
    is_destroyed: bool

    @property
    def size(self) -> int:
        return self.head.size


def public_cover(session: Session, round_id: str) -> Checkpoint:
    """Return the checkpoint up to which everybody may have the ledger; raise NotFound.

    Until the result is declared, that is the last one before the count: a bundle holds the outcome.
    """
    head = find_head(session, round_id)
    if head is None:
        raise NotFound
    counted = _index_of(session, round_id, "tally")
    if counted is None or head.size <= counted or _is_declared(session, round_id):
        return head
    before = select(Checkpoint.size).where(
        Checkpoint.round_id == round_id, Checkpoint.size <= counted
    )
    size = session.scalar(before.order_by(Checkpoint.size.desc()).limit(1))
    return get_checkpoint(session, round_id, size or 0)


def _is_declared(session: Session, round_id: str) -> bool:
    if get_round(session, round_id).kind == "loaded":
        return True
    result = find_result(session, round_id)
    return result is not None and result.declared_at is not None


def make_bundle(
    reading: Reading,
    *,
    keys: Keyring,
    openings: OpeningsStore,
    round_id: str,
    sort: Sort,
    target: Path,
    size: int | None = None,
    progress: Progress | None = None,
) -> Made:
    """Write the bundle of a round up to its newest checkpoint, or to that of ``size``.

    ``progress`` hears how many entries are written. Raises NotFound, OutcomeChanged, LedgerDamaged,
    LedgerKeyMissing, OpeningsMissing, OpeningsDamaged, NothingSealed, BundleTooLarge, OSError.
    """
    with reading() as session, spooling(target) as spool:
        facts = _facts(session, round_id, size)
        _put_texts(spool, facts, sort)
        ballots = _put_entries(session, spool, facts, progress)
        if _shows_openings(facts, sort, openings):
            spool.put("openings.jsonl", _opening_lines(openings, round_id))
        if sort is Sort.SEALED:
            if facts.is_destroyed:
                raise NothingSealed
            spool.put("urn.jsonl", _sealed_lines(session, facts))
        pack(
            spool, target, origin=facts.ledger.origin, sort=sort,
            sign=lambda text: _sign(keys, facts.ledger, text),
        )  # fmt: skip
    return Made(path=target, sort=sort, entries=facts.size, ballots=ballots, head=facts.head.root)


def _facts(session: Session, round_id: str, size: int | None) -> _Facts:
    round, ledger = get_round(session, round_id), get_ledger(session, round_id)
    head = find_head(session, round_id) if size is None else get_checkpoint(session, round_id, size)
    if head is None or round.config is None:
        raise NotFound
    checkpoints = [one for one in checkpoints_of(session, round_id) if one.size <= head.size]
    destroyed = _index_of(session, round_id, "destroyed")
    return _Facts(
        round_id=round_id,
        title=round.title,
        config=round.config,
        ledger=ledger,
        head=head,
        notes=[one.note for one in reversed(checkpoints)],
        outcome=_outcome(session, round, head),
        is_destroyed=destroyed is not None and destroyed < head.size,
    )


def _outcome(session: Session, round: Round, head: Checkpoint) -> str | None:
    tally, drawn = find_tally(session, round.id), find_drawn(session, round.id)
    stored = {"draw": drawn.outcome if drawn else "", "tally": tally.outcome if tally else ""}
    for kind, outcome in stored.items():
        index = _index_of(session, round.id, kind)
        if index is None or index >= head.size:
            continue
        body = next(entries_of(session, round.id, first=index, size=index + 1))[1]
        if hashlib.sha256(outcome.encode()).hexdigest() not in body:
            raise OutcomeChanged
        return outcome
    return None


def _index_of(session: Session, round_id: str, kind: str) -> int | None:
    query = select(_ENTRY.c.idx).where(_ENTRY.c.round_id == round_id, _ENTRY.c.kind == kind)
    return session.scalar(query.order_by(_ENTRY.c.idx).limit(1))


def _put_texts(spool: Spool, facts: _Facts, sort: Sort) -> None:
    said = about(
        title=facts.title,
        origin=facts.ledger.origin,
        sort=sort,
        size=facts.size,
        head=head_digits(facts.head.root),
    )
    spool.put("about.txt", [said])
    spool.put("config.json", [facts.config])
    spool.put("checkpoints.json", [checkpoints_text(facts.notes)])
    if facts.outcome is not None:
        spool.put("outcome.json", [facts.outcome])


def _put_entries(session: Session, spool: Spool, facts: _Facts, progress: Progress | None) -> int:
    """Write the entries, hashed anew on the way; return how many are ballots."""
    frontier, ballots = Frontier(), 0

    def lines() -> Iterator[str]:
        nonlocal ballots
        for index, body, _ in entries_of(session, facts.round_id, size=facts.size):
            frontier.append(leaf_hash(body.encode()))
            ballots += '"kind":"ballot"' in body
            if progress and index % _AT_ONCE == 0:
                progress(index)
            yield f"{body}\n"

    spool.put("ledger.jsonl", lines())
    if progress:
        progress(facts.size)
    if frontier.size != facts.size or frontier.root() != facts.head.root:
        raise LedgerDamaged(index=frontier.size)
    return ballots


def _shows_openings(facts: _Facts, sort: Sort, openings: OpeningsStore) -> bool:
    may = sort is Sort.MONITORS or (sort is Sort.PUBLIC and publishes_ballots(facts.config))
    if facts.outcome is None or not may:
        return False
    return openings.has(facts.round_id) or not facts.is_destroyed


def _opening_lines(openings: OpeningsStore, round_id: str) -> Iterator[str]:
    for one in openings.reading(round_id):
        yield opening_line(one.slot, one.salt, one.padded)


def _sealed_lines(session: Session, facts: _Facts) -> Iterator[str]:
    columns = select(_URN.c.slot, _URN.c.sealed).where(
        _URN.c.round_id == facts.round_id, _URN.c.batch_no <= facts.size
    )
    after = b""
    while True:
        rows = session.execute(
            columns.where(_URN.c.slot > after).order_by(_URN.c.slot).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield from (sealed_line(row.slot, row.sealed) for row in rows)
        after = rows[-1].slot


def _sign(keys: Keyring, ledger: Ledger, text: str) -> str:
    try:
        key = keys.ledger_key(ledger.round_id)
    except KeyMissing as missing:
        raise LedgerKeyMissing from missing
    if public_half(key) != ledger.public_key:
        raise LedgerKeyMissing
    public = ledger.public_key
    return signed_note(text, name=ledger.origin, public=public, sign=lambda raw: sign(key, raw))
