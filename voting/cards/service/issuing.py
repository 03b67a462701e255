"""Making a batch: when it is allowed, and the rows of its cards.

The seed of a batch is a file outside the database; the database receives hashes only (docs/2_rules/cards.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.adapters.keyring import KeyMissing, Keyring
from voting.areas.service import find_installation, public_url, scanned
from voting.cards.models import BallotCard, CardBatch, CardState
from voting.cards.rules import PrintedCard, credential_hash, derive_card, serial
from voting.cards.service.electors import NobodyLeft, require_fit
from voting.cards.service.noting import note
from voting.cards.service.spending import check_code_hmac, short_code_hash
from voting.config import Config
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.persistence.base import new_id
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round

MOST_CARDS = 20_000
PER_SHEET = 6
_TRIES = 20
_CARD = cast("Table", BallotCard.__table__)


class VoteNotAnnounced(Refusal):
    """Cards would be printed before the rules and the list are fixed."""

    msgid = "投票公告发布以后才能印投票卡：规则和候选名单要先定下来。"


class VotingOver(Refusal):
    """Nobody can vote with a new card any more."""

    msgid = "这一轮的投票已经结束，不能再印投票卡。"


class RoundPaused(Refusal):
    """The street has paused the round."""

    msgid = "这一轮暂停了，恢复以后才能印投票卡。"


class AddressNotTested(Refusal):
    """No telephone has reached the public address by a test code."""

    msgid = (
        "还没有用手机扫过测试二维码，不能印投票卡。请先请管理员核对对外网址，并扫一次测试二维码。"
    )


class BatchSize(Refusal):
    """More or fewer cards than one batch may hold."""

    msgid = "一批最少 1 张，最多 %(most)d 张。人多时请分几批印。"
    status = 422
    field = "count"


class SeedForgotten(Refusal):
    """The cards of a batch cannot be derived any more."""

    msgid = "这一批已经不能再打印：确认印好或作废以后，卡上的内容就从系统里删掉了。少了卡，请按存根补印。"


@dataclass(frozen=True)
class BatchPlan:
    """What a new batch shall be; ``replaces_from`` is the first sheet that is printed anew."""

    count: int
    mode: str = "bearer"
    per_sheet: int = PER_SHEET
    elector_ids: Sequence[str] | None = None
    replaces_id: str | None = None
    replaces_from: int | None = None


def issue_batch(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    count: int,
    mode: str = "bearer",
    per_sheet: int = PER_SHEET,
    elector_ids: Sequence[str] | None = None,
    config: Config | None = None,
) -> CardBatch:
    """Make a batch in state ``ready``; the officer who acts holds it.

    ``config`` lets the tested address be compared with the one in force; without it any tested address
    will do. Raises a Refusal when the phase, the address, the size or an elector does not allow it.
    """
    plan = BatchPlan(count=count, mode=mode, per_sheet=per_sheet, elector_ids=elector_ids)
    round = require_issuing(session, round_id, now=now, config=config)
    batch = make_batch(session, now=now, actor=actor, keys=keys, round=round, plan=plan)
    note(session, actor, "cards.issue", now=now, batch=batch, count=count, mode=mode)
    return batch


def require_issuing(
    session: Session, round_id: str, *, now: datetime, config: Config | None = None
) -> Round:
    """Return the round if cards may be made for it now; raise the refusal that says why not."""
    round = get_round(session, round_id)
    phase = round.phase_at(now)
    if phase is Phase.PAUSED:
        raise RoundPaused
    if round.frozen_at is None:
        raise VoteNotAnnounced
    if phase not in {Phase.VOTE_ANNOUNCED, Phase.VOTING}:
        raise VotingOver
    tested_address(session, config)
    return round


def tested_address(session: Session, config: Config | None) -> str:
    """Return the public address that cards carry; raise AddressNotTested."""
    installation = find_installation(session)
    if installation is None or installation.scanned_url is None:
        raise AddressNotTested
    if config is None:
        return installation.scanned_url
    if not scanned(installation, config):
        raise AddressNotTested
    return public_url(installation, config)


def make_batch(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round: Round,
    plan: BatchPlan,
) -> CardBatch:
    """Insert a batch and its cards; the caller has checked the round and writes the journal."""
    people = plan.elector_ids or ()
    if plan.mode == "assigned" and not people:
        raise NobodyLeft
    if not 1 <= plan.count <= MOST_CARDS:
        raise BatchSize(most=MOST_CARDS)
    if plan.mode == "assigned":
        require_fit(session, round.id, people, count=plan.count)
    batch_id = new_id()
    seed = keys.make_batch_seed(batch_id)
    _insert_batch(
        session,
        id=batch_id,
        round_id=round.id,
        mode=plan.mode,
        count=plan.count,
        per_sheet=plan.per_sheet,
        state="ready",
        holder_id=actor.id if session.get(Officer, actor.id) else None,
        made_at=now,
        made_by=actor.id,
        replaces_id=plan.replaces_id,
        replaces_from=plan.replaces_from,
    )
    rows = _rows(round, batch_id, seed=seed, card_key=keys.card_key(), plan=plan)
    session.execute(insert(_CARD), list(rows))
    return session.get_one(CardBatch, batch_id)


def _insert_batch(session: Session, **values: object) -> None:
    """Insert the batch under the next free number: the unique constraint decides, not the look before."""
    highest = select(func.coalesce(func.max(CardBatch.number), 0)).where(
        CardBatch.round_id == values["round_id"]
    )
    tries = 0
    while True:
        number = session.execute(highest).scalar_one() + 1
        tries += 1
        try:
            with session.begin_nested():
                session.execute(insert(CardBatch).values(number=number, **values))
        except IntegrityError:
            if tries == _TRIES:
                raise
        else:
            return


def _rows(
    round: Round, batch_id: str, *, seed: bytes, card_key: bytes, plan: BatchPlan
) -> Iterator[dict[str, Any]]:
    owners = plan.elector_ids if plan.mode == "assigned" else None
    for index in range(plan.count):
        card = derive_card(seed, index)
        cred_hash = credential_hash(card.token)
        yield {
            "round_id": round.id,
            "cred_hash": cred_hash,
            "short_hash": short_code_hash(card_key, card.short_code),
            "check_hmac": check_code_hmac(card_key, cred_hash, card.check_code)
            if round.check_code
            else None,
            "batch_id": batch_id,
            "sheet": index // plan.per_sheet + 1,
            "place": index % plan.per_sheet + 1,
            "state": CardState.PRINTED.value,
            "fails": 0,
            "elector_id": owners[index] if owners else None,
        }


def cards_of(batch: CardBatch, keys: Keyring) -> Iterator[tuple[str, PrintedCard]]:
    """Return serial number and secrets of each card, in the order of the sheets; raise SeedForgotten."""
    if batch.state != "ready":
        raise SeedForgotten
    try:
        seed = keys.batch_seed(batch.id)
    except KeyMissing as gone:
        raise SeedForgotten from gone
    return _derived(seed, batch.number, batch.count, batch.per_sheet)


def _derived(
    seed: bytes, number: int, count: int, per_sheet: int
) -> Iterator[tuple[str, PrintedCard]]:
    for index in range(count):
        place = serial(number, index // per_sheet + 1, index % per_sheet + 1)
        yield place, derive_card(seed, index)
