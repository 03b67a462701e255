"""The count: what the urn holds becomes an outcome, which is stored once."""

import hashlib
import json
from contextlib import nullcontext
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from voting.accounts.models import Officer
from voting.adapters.keyring import Keyring
from voting.audits.service import (
    compare_papers,
    compared,
    note_found,
    revealed_slots,
    sampled_slots,
)
from voting.clock import moment_text
from voting.errors import NotFound, Refusal
from voting.journal.rules import COMMAND_LINE
from voting.journal.service import record
from voting.ledger.service import make_checkpoint, note_for_ledger
from voting.paper.service.correcting import voided_slots
from voting.paper.service.reconciling import require_reconciled
from voting.roll.service import roll_counts
from voting.rounds.models import Round
from voting.rounds.rules import SealWay
from voting.rounds.service import get_round, hold_round
from voting.tally.models import OpenedBallot, Tally
from voting.tally.rules.channels import digest_of
from voting.tally.rules.judging import Contents
from voting.tally.service.channels import channel_votes_of, store_channel_votes
from voting.tally.service.drawn import drawn_seed
from voting.tally.service.entries import SealFacts, urn_size
from voting.tally.service.openers import by_key
from voting.tally.service.opening import RoundChanged, find_opening, require_counting
from voting.tally.service.openings import OpeningsStore
from voting.tally.service.reckoning import Counted, reckon
from voting.tally.service.urn import Opened, Progress, open_urn

_BALLOTS = cast("Table", OpenedBallot.__table__)


class NotOpenedByTwo(Refusal):
    """Two officers have not agreed yet."""

    msgid = "要两位工作人员都同意开箱，才能计票。"


class UrnGrew(Refusal):
    """There are more or fewer ballots in the urn than were opened."""

    msgid = "计票时票箱里的选票数变了（开出 %(opened)d 张，现有 %(found)d 张）。计票已停止，请重新计票。"


class NotCountedYet(Refusal):
    """There is no count to show or compare."""

    msgid = "这个轮次还没有计票。"


def count(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    progress: Progress | None = None,
    openings: OpeningsStore | None = None,
) -> Tally:
    """Open the urn, count, store; a second call answers what is stored.

    Raises NotFound, VotingStillOn, NotCounting, NotOpenedByTwo, SealKeyMissing, a DamagedEntry, UrnGrew,
    CountUnderWay.
    ``begin_count``, ``open_urn`` and ``store`` are the three steps, for who must not hold the database
    meanwhile.
    """
    with openings.held(round_id) if openings else nullcontext():
        seal = begin_count(session, now=now, keys=keys, round_id=round_id)
        if seal is not None:
            opener = by_key(keys, seal)
            with openings.writing(round_id) if openings else nullcontext() as keeper:
                opened = open_urn(
                    lambda: nullcontext(session),
                    opener=opener,
                    seal=seal,
                    progress=progress,
                    keeper=keeper,
                )
            store(session, now=now, keys=keys, seal=seal, opened=opened)
            sign_ledger(session, now=now, keys=keys, round_id=round_id)
        return get_tally(session, round_id)


def begin_count(
    session: Session, *, now: datetime, keys: Keyring, round_id: str
) -> SealFacts | None:
    """Return what is needed to open the urn, or None if it has been counted.

    Before anything is opened the ledger covers every ballot: its last head before the count is signed here.
    """
    # Held from here on: whoever counts at the same time waits, and then finds what was stored.
    hold_round(session, round_id)
    if find_tally(session, round_id) is not None:
        return None
    round = require_counting(session, now=now, round_id=round_id)
    if round.kind != "loaded":
        require_reconciled(session, round_id)
        opening = find_opening(session, round_id)
        if opening is None or opening.second_officer is None:
            raise NotOpenedByTwo
    sign_ledger(session, now=now, keys=keys, round_id=round_id)
    return seal_facts(session, round)


def sign_ledger(session: Session, *, now: datetime, keys: Keyring, round_id: str) -> None:
    """Bring the ledger of a round up to date; that of a loaded election waits until somebody asks for it."""
    if get_round(session, round_id).kind != "loaded":
        make_checkpoint(session, now=now, keys=keys, round_id=round_id)


def seal_facts(session: Session, round: Round) -> SealFacts:
    """Return what is needed to open the urn of a round; raise NotFound or RoundChanged."""
    if round.config is None or round.config_hash is None or round.ballot_length is None:
        raise NotFound
    if hashlib.sha256(round.config.encode()).digest() != round.config_hash:
        raise RoundChanged
    return SealFacts(
        round.id,
        round.config_hash,
        round.ballot_length,
        aside=revealed_slots(session, round.id),
        voided=voided_slots(session, round.id),
        sampled=sampled_slots(session, round.id),
        by_monitors=round.seal_way == SealWay.MONITORS,
    )


def store(
    session: Session, *, now: datetime, keys: Keyring, seal: SealFacts, opened: Opened
) -> Tally:
    """Store a count, unless somebody else has stored it meanwhile; raise UrnGrew."""
    round = hold_round(session, seal.round_id)
    stored = find_tally(session, round.id)
    if stored is not None:
        return stored
    found = urn_size(session, round.id)
    if found != opened.entries:
        raise UrnGrew(opened=opened.entries, found=found)
    note_found(session, round.id, opened.aside)
    compare_papers(session, keys, round.id, opened.sampled)
    counted = reckon(
        session, round, opened.contents, tests=compared(session, round.id),
        urn_digest=opened.digest, at=now, marked=_marked(session, round.id),
    )  # fmt: skip
    _store_ballots(session, round.id, opened.contents)
    cells = channel_votes_of(counted)
    tally = Tally(
        round_id=round.id,
        counted_at=now,
        ballots=counted.ballots,
        blank=counted.judged.blank,
        invalid=counted.judged.invalid,
        urn_digest=counted.urn_digest,
        draw_seed=counted.draw_seed,
        outcome=counted.answer,
        channel_digest=digest_of(cells),
    )
    session.add(tally)
    session.flush()
    store_channel_votes(session, round.id, cells)
    note_for_ledger(
        session, now=now, round_id=round.id, kind="tally", at=moment_text(now),
        ballots=opened.entries, outcome=hashlib.sha256(tally.outcome.encode()).hexdigest(),
    )  # fmt: skip
    _note(session, now, round, tally)
    return tally


def _marked(session: Session, round_id: str) -> tuple[int, int]:
    counts = roll_counts(session, round_id)
    return counts.marked, counts.listed


def _store_ballots(session: Session, round_id: str, contents: Contents) -> None:
    # In the order of their digests: no order of the urn is to be read off this table.
    by_digest = sorted(
        (hashlib.sha256(text.encode()).digest(), text, number)
        for text, number in contents.said.items()
    )
    rows = [
        {"round_id": round_id, "digest": digest, "ballot": text, "number": number}
        for digest, text, number in by_digest
    ]
    if rows:
        session.execute(insert(_BALLOTS), rows)


def _note(session: Session, now: datetime, round: Round, tally: Tally) -> None:
    opening = find_opening(session, round.id)
    officer = session.get(Officer, opening.second_officer) if opening else None
    figures: dict[str, Any] = {
        "ballots": tally.ballots,
        "blank": tally.blank,
        "invalid": tally.invalid,
        "urn_digest": tally.urn_digest.hex(),
    }
    actor = officer.actor if officer else COMMAND_LINE
    place: dict[str, Any] = {"kind": "round", "id": round.id, "area_path": round.area.path}
    record(session, actor, "tally.count", now=now, **place, **figures)


def find_tally(session: Session, round_id: str) -> Tally | None:
    """Return the stored count of a round, or None."""
    return session.get(Tally, round_id, populate_existing=True)


def get_tally(session: Session, round_id: str) -> Tally:
    """Return the stored count of a round; raise NotCountedYet."""
    tally = find_tally(session, round_id)
    if tally is None:
        raise NotCountedYet
    return tally


def stored_contents(session: Session, tally: Tally) -> Contents:
    """Return the opened ballots of a round as they are stored."""
    rows = session.execute(
        select(OpenedBallot.ballot, OpenedBallot.number)
        .where(OpenedBallot.round_id == tally.round_id)
        .order_by(OpenedBallot.ballot)
    )
    channels = json.loads(tally.outcome)["channels"]
    return Contents({row.ballot: row.number for row in rows}, channels)


def marked_at(tally: Tally) -> tuple[int, int] | None:
    """Return how many had used their right and how many were on the roll when it was counted.

    None where no least turnout was declared. The roll itself is deleted one day; the ledger covers these.
    """
    said = json.loads(tally.outcome).get("turnout")
    return (said["marked"], said["roll"]) if said else None


def counted_of(session: Session, round_id: str) -> Counted:
    """Return the stored count with its reasons, worked out again from the opened ballots.

    A lot that was drawn in public is drawn in it. Raises NotCountedYet.
    """
    return counted_with(session, round_id, drawn_seed(session, round_id))


def counted_with(session: Session, round_id: str, drawn: bytes | None) -> Counted:
    """Return the stored count as it is with this seed of a public lot, or before the draw.

    Raises NotCountedYet.
    """
    round, tally = get_round(session, round_id), get_tally(session, round_id)
    contents = stored_contents(session, tally)
    return reckon(
        session, round, contents, tests=compared(session, round_id), urn_digest=tally.urn_digest,
        at=tally.counted_at, marked=marked_at(tally), drawn=drawn,
    )  # fmt: skip
