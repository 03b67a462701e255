"""Appending and signing: one writer, every body read back before its hash is signed.

A flipped bit in a cached hash once ended a certificate log for good: its root was signed over a hash that
no entry gives. So what is signed here is always hashed from the bodies as they are stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.signing import public_half, sign
from voting.areas.service import find_installation
from voting.ballots.models import UrnEntry
from voting.cards.models import CardBatch
from voting.errors import Refusal
from voting.ledger.models import Checkpoint, Ledger, LedgerEntry
from voting.ledger.rules.entries import roll_body, rules_body
from voting.ledger.rules.notes import checkpoint_text, origin_of, signed_note, verifier_key
from voting.ledger.rules.tree import Frontier, leaf_hash
from voting.ledger.service.figures import figures_of
from voting.ledger.service.finding import count_entries, entries_of, find_head
from voting.ledger.service.pulling import (
    AFTER_BALLOTS,
    Waiting,
    WaitingBallot,
    takes_ballots,
    waiting_ballots,
    waiting_facts,
)
from voting.ledger.service.rewriting import rewrite_assisted
from voting.paper.models import PaperBatch
from voting.rounds.models import Round
from voting.rounds.service import settle, steady_round

_ENTRY = cast("Table", LedgerEntry.__table__)
_LEDGER = cast("Table", Ledger.__table__)
_URN = cast("Table", UrnEntry.__table__)
# What may be handed out once its entry stands in the ledger.
_MARKED: dict[str, type[CardBatch | PaperBatch]] = {"batch": CardBatch, "paper": PaperBatch}


class NotFrozenYet(Refusal):
    """A round has no ledger before its rules are fixed."""

    msgid = "这个轮次还没有发布投票公告，规则还没有确定，没有公开账本。"


class LedgerKeyMissing(Refusal):
    """The key that signs this ledger is not on this server."""

    msgid = "这台服务器上没有本轮公开账本的签名钥匙。请管理员从恢复袋里恢复，再试一次。"


class LedgerDamaged(Refusal):
    """What is stored does not give what was signed; nothing more is signed over it."""

    msgid = (
        "本轮公开账本的第 %(index)s 条和以前签过的不一致，不再签新的封存点。"
        "请保留现场，联系管理员核对备份。"
    )


@dataclass(frozen=True)
class Prefix:
    """The right edge of what has been signed, hashed anew from the stored bodies."""

    frontier: Frontier
    size: int


def prefix_of(session: Session, round_id: str) -> Prefix:
    """Hash the signed part of a ledger anew; raise LedgerDamaged if it does not give its signed root."""
    head = find_head(session, round_id)
    size = head.size if head else 0
    frontier = Frontier()
    for index, body, leaf in entries_of(session, round_id, size=size):
        if index != frontier.size or leaf_hash(body.encode()) != leaf:
            raise LedgerDamaged(index=frontier.size)
        frontier.append(leaf)
    if head and (frontier.size != head.size or frontier.root() != head.root):
        raise LedgerDamaged(index=frontier.size)
    return Prefix(frontier, size)


def make_checkpoint(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    prefix: Prefix | None = None,
) -> Checkpoint:
    """Append what waits, sign the new head and return it; without news the head as it is.

    ``prefix`` may have been hashed before the transaction; if another writer was faster it is hashed anew.
    Raises NotFound, NotFrozenYet, LedgerKeyMissing or LedgerDamaged.
    """
    settle(session, now=now, round_id=round_id)
    # What is signed says whole seconds; what is stored beside it must be the same to the last digit.
    now = now.replace(microsecond=0)
    # Casting holds the row in the same way and is not held up. Everybody locks the round before its ledger.
    round = steady_round(session, round_id)
    if round.frozen_at is None or round.config_hash is None:
        raise NotFrozenYet
    ledger = _held_ledger(session, now=now, keys=keys, round=round)
    head = find_head(session, round_id)
    while True:
        news = _news(session, round)
        if head is not None and not news:
            return head
        size = head.size if head else 0
        if prefix is None or prefix.size != size:
            prefix = prefix_of(session, round_id)
        _append(session, round, ledger, prefix.frontier, news)
        head = _sign(session, now=now, keys=keys, ledger=ledger, frontier=prefix.frontier)
        prefix = Prefix(prefix.frontier, head.size)


def _held_ledger(session: Session, *, now: datetime, keys: Keyring, round: Round) -> Ledger:
    """Return the round's ledger, begun if it has none; nobody else appends until the end of this act."""
    held = session.get(Ledger, round.id, with_for_update=True, populate_existing=True)
    if held is not None:
        return held
    installation = find_installation(session)
    address = installation.public_url if installation and installation.public_url else ""
    begun = {
        "round_id": round.id,
        "origin": origin_of(address, round.id),
        "public_key": public_half(keys.make_ledger_key(round.id)),
        "begun_at": now,
    }
    # Of two that begin at once the primary key lets one win; the other has waited for it.
    try:
        with session.begin_nested():
            session.execute(insert(_LEDGER), begun)
    except IntegrityError:
        pass
    return session.get_one(Ledger, round.id, with_for_update=True, populate_existing=True)


@dataclass(frozen=True)
class _News:
    """What is appended in one turn."""

    facts: list[Waiting]
    with_ballots: bool

    def __bool__(self) -> bool:
        return bool(self.facts) or self.with_ballots


def _news(session: Session, round: Round) -> _News:
    facts, with_ballots = waiting_facts(session, round), takes_ballots(session, round)
    if with_ballots:
        # No ballot comes after the count, none of a paper after the sheet: what was noted from there on waits
        # for the next turn, and so do the voids of these ballots.
        counted = next((at for at, one in enumerate(facts) if one.kind in AFTER_BALLOTS), None)
        facts = facts[:counted]
    return _News(facts, with_ballots)


def _append(
    session: Session, round: Round, ledger: Ledger, frontier: Frontier, news: _News
) -> None:
    """Append what is new and bring the frontier forward, over bodies read back."""
    first = frontier.size
    facts = news.facts if first else [*_beginning(round, ledger), *news.facts]
    index = _insert_facts(session, round.id, first, facts)
    if news.with_ballots:
        for ballots in waiting_ballots(session, round.id):
            index = _insert_ballots(session, round.id, index, ballots)
        _mark_ballots(session, round, first=first, size=index)
    for at, body, leaf in entries_of(session, round.id, first=first):
        if at != frontier.size or leaf_hash(body.encode()) != leaf:
            raise LedgerDamaged(index=frontier.size)
        frontier.append(leaf)
    if frontier.size != index:
        raise LedgerDamaged(index=frontier.size)


def _beginning(round: Round, ledger: Ledger) -> list[Waiting]:
    assert round.frozen_at is not None  # noqa: S101 -- asked by make_checkpoint
    assert round.config_hash is not None  # noqa: S101 -- a check of the table: frozen and hashed go together
    log_key = verifier_key(ledger.origin, ledger.public_key)
    rules = rules_body(round_id=round.id, config_hash=round.config_hash, log_key=log_key)
    begun = [Waiting(round.frozen_at, "rules", "rules", rules)]
    if round.roll_count is not None and round.roll_hash is not None:
        roll = roll_body(count=round.roll_count, digest=round.roll_hash)
        begun.append(Waiting(round.frozen_at, "roll", "roll", roll))
    return begun


def _insert_facts(session: Session, round_id: str, first: int, facts: list[Waiting]) -> int:
    rows = [
        {
            "round_id": round_id,
            "idx": index,
            "kind": fact.kind,
            "body": fact.body,
            "leaf": leaf_hash(fact.body.encode()),
            "source": fact.source,
            "slot": None,
        }
        for index, fact in enumerate(facts, first)
    ]
    if rows:
        session.execute(insert(_ENTRY), rows)
    for row in rows:
        marked = _MARKED.get(str(row["kind"]))
        if marked is not None:
            batch_id = str(row["source"]).partition(":")[2]
            mine = update(marked).where(marked.id == batch_id)
            session.execute(mine.values(ledger_idx=row["idx"]))
    return first + len(rows)


def _insert_ballots(
    session: Session, round_id: str, first: int, ballots: Iterable[WaitingBallot]
) -> int:
    rows = [
        {
            "round_id": round_id,
            "idx": index,
            "kind": "ballot",
            "body": ballot.body,
            "leaf": leaf_hash(ballot.body.encode()),
            "source": None,
            "slot": ballot.slot,
        }
        for index, ballot in enumerate(ballots, first)
    ]
    session.execute(insert(_ENTRY), rows)
    return first + len(rows)


def _mark_ballots(session: Session, round: Round, *, first: int, size: int) -> None:
    """Mark the ballots of this checkpoint, row by row in the order of slots.

    On PostgreSQL every update writes the row anew: the new rows stand in the order of slots and carry the
    number of this transaction instead of that of their cast (integrity.md §0.3).
    """
    slots = session.scalars(
        select(_ENTRY.c.slot)
        .where(
            _ENTRY.c.round_id == round.id, _ENTRY.c.idx >= first, _ENTRY.c.idx < size,
            _ENTRY.c.slot.is_not(None),
        )
        .order_by(_ENTRY.c.slot)
    )  # fmt: skip
    mark = update(_URN).where(
        _URN.c.round_id == round.id, _URN.c.slot == bindparam("at"), _URN.c.batch_no.is_(None)
    )
    covered = slots.all()
    rows = ({"at": slot, "size": size} for slot in covered)
    while chunk := list(islice(rows, 5000)):
        session.execute(mark.values(batch_no=bindparam("size")), chunk)
    rewrite_assisted(session, round.id, set(covered))


def _sign(
    session: Session, *, now: datetime, keys: Keyring, ledger: Ledger, frontier: Frontier
) -> Checkpoint:
    try:
        key = keys.ledger_key(ledger.round_id)
    except KeyMissing as missing:
        raise LedgerKeyMissing from missing
    if public_half(key) != ledger.public_key:
        raise LedgerKeyMissing
    root = frontier.root()
    ballots = count_entries(session, ledger.round_id, kind="ballot")
    text = checkpoint_text(
        origin=ledger.origin,
        size=frontier.size,
        root=root,
        at=now,
        figures=figures_of(session, ledger.round_id, ballots=ballots),
    )
    note = signed_note(
        text, name=ledger.origin, public=ledger.public_key, sign=lambda raw: sign(key, raw)
    )
    made = Checkpoint(round_id=ledger.round_id, size=frontier.size, at=now, root=root, note=note)
    session.add(made)
    session.flush()
    return made
