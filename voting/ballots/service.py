"""Casting: the right is spent and the sealed ballot stored in one transaction, or neither.

Nothing here knows a person: the card is a hash, the slot is a hash, and no time or address is kept.
"""

import secrets
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from voting import clock
from voting.adapters.sealing import seal
from voting.ballots.models import UrnEntry
from voting.ballots.rules import (
    SALT_LENGTH,
    Ballot,
    BallotPaper,
    PaperCandidate,
    check_choices,
    encode,
    leaf_of,
    pad,
    receipt_code,
    refusal_of_phase,
    seal_info,
    slot_of,
    slot_range,
)
from voting.cards.models import CardState
from voting.cards.rules import MOST_FAILS
from voting.cards.service import Spending, find_card_by_hash, spend
from voting.errors import CountedRefusal, NotFound, Refusal
from voting.posters.rules import ClaimGone
from voting.posters.service import use_claim
from voting.proposals.models import CATEGORY_NAMES, Candidate, Category
from voting.proposals.service import candidates_of
from voting.proposals.service.rivals import rivals_by_number
from voting.roll.models import Channel
from voting.roll.service import mark_participation
from voting.rounds.models import Round
from voting.rounds.rules import BallotKind, Phase, phase_at

_URN = typing.cast("Table", UrnEntry.__table__)
_ROUND = typing.cast("Table", Round.__table__)


class CardAlreadyUsed(Refusal):
    """The card has been spent, and not by this browser."""

    msgid = "这张投票卡已经用过，一张卡只能投一次。如果不是您本人投的，请马上联系社区工作人员。"


class CardVoid(Refusal):
    """The card was declared void."""

    msgid = "这张投票卡已经作废，不能投票。请联系社区工作人员换一张。"


class CardLocked(Refusal):
    """Five wrong check codes."""

    msgid = "验证码输错了 5 次，这张卡已经锁住。请带着卡找社区工作人员换一张。"


class WrongCheckCode(CountedRefusal):
    """The check code does not fit; the try has been counted."""

    msgid = "验证码不对，还可以再试 %(left)d 次。请看卡上对折处里面的 6 位数字。"
    field = "check_code"


@dataclass(frozen=True)
class Receipt:
    """That a ballot lies in the urn; ``again`` when it had been cast before by the same browser."""

    code: str
    again: bool = False


def load_paper(session: Session, round_id: str) -> BallotPaper:
    """Return the ballot paper of a frozen round; raise NotFound when it has none."""
    round = session.get(Round, round_id)
    if round is None or not (round.config_hash and round.seal_public and round.ballot_length):
        raise NotFound
    rows = candidates_of(session, round_id)
    rivals = rivals_by_number(rows)
    candidates = tuple(_line(row, rivals.get(row.ballot_number or 0, ())) for row in rows)
    return BallotPaper(
        round_id=round.id,
        title=round.title,
        kind=BallotKind(round.ballot_kind),
        min_choices=round.min_choices,
        max_choices=round.max_choices,
        check_code=round.check_code,
        config_hash=round.config_hash,
        seal_public=round.seal_public,
        ballot_length=round.ballot_length,
        help_number=round.help_number,
        phase=Phase(round.phase),
        opens_at=round.opens_at,
        closing=round.closing,
        withdrawn=frozenset(line.number for line in candidates if line.withdrawn),
        candidates=candidates,
        by_number={candidate.number: candidate for candidate in candidates},
        is_rehearsal=round.kind == "rehearsal",
        spend_limit=round.spend_limit,
    )


def _line(row: Candidate, rivals: tuple[int, ...]) -> PaperCandidate:
    return PaperCandidate(
        number=row.ballot_number or 0,
        title=row.title,
        category_code=row.category or "",
        category=CATEGORY_NAMES[Category(row.category)] if row.category else "",
        place=row.place,
        sentence=row.sentence,
        description=row.description,
        cost=row.cost,
        beneficiaries=row.beneficiaries,
        picture=row.picture,
        withdrawn=row.withdrawn_at is not None,
        rivals=rivals,
        why_withdrawn=row.withdrawn_reason or "",
    )


def cast(
    session: Session,
    *,
    now: datetime,
    paper: BallotPaper,
    cred_hash: bytes,
    nonce: bytes,
    choices: Sequence[int],
    check_hmac: bytes | None,
) -> Receipt:
    """Spend a card and drop its sealed ballot into the urn; the caller commits, then shows the receipt.

    A second tap or a lost reply finds its own slot and gets the same receipt, whatever it now chooses.
    Raises VotingNotOpen, CardAlreadyUsed, CardVoid, CardLocked, WrongCheckCode, RightAlreadyUsed, or what
    ``check_choices`` raises.
    """
    slot = slot_of(nonce)
    try:
        chosen = _choose(session, paper, choices, now)
    except Refusal as wrong:
        return receipt_again(session, paper.round_id, slot, otherwise=wrong)
    spent = spend(session, round_id=paper.round_id, cred_hash=cred_hash, check_hmac=check_hmac)
    if spent.outcome is Spending.REFUSED:
        refusal = refusal_of_card(session, paper.round_id, cred_hash) or CardAlreadyUsed()
        return receipt_again(session, paper.round_id, slot, otherwise=refusal)
    if spent.outcome is Spending.WRONG_CHECK_CODE:
        raise WrongCheckCode(left=spent.tries_left) if spent.tries_left else _LockedJustNow()
    if spent.elector_id is not None:
        mark_participation(
            session,
            round_id=paper.round_id,
            elector_id=spent.elector_id,
            channel=Channel.CARD_CAST,
            day=clock.local_day(now),
        )
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot(channel="card", choices=chosen))
    return Receipt(receipt_code(slot))


def cast_by_claim(
    session: Session,
    *,
    now: datetime,
    paper: BallotPaper,
    claim_hash: bytes,
    nonce: bytes,
    choices: Sequence[int],
) -> Receipt:
    """Use the right of who came by the poster: the claim goes, the roll is marked, the ballot falls.

    A second tap or a lost reply finds its own slot and gets the same receipt. Raises VotingNotOpen,
    ClaimGone, RightAlreadyUsed, or what ``check_choices`` raises.
    """
    slot = slot_of(nonce)
    try:
        chosen = _choose(session, paper, choices, now)
    except Refusal as wrong:
        return receipt_again(session, paper.round_id, slot, otherwise=wrong)
    elector_id = use_claim(session, paper.round_id, claim_hash, now)
    if elector_id is None:
        return receipt_again(session, paper.round_id, slot, otherwise=ClaimGone())
    mark_participation(
        session,
        round_id=paper.round_id,
        elector_id=elector_id,
        channel=Channel.POSTER,
        day=clock.local_day(now),
    )
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot(channel="poster", choices=chosen))
    return Receipt(receipt_code(slot))


class _LockedJustNow(CountedRefusal):
    msgid = CardLocked.msgid


def _choose(
    session: Session, paper: BallotPaper, choices: Sequence[int], now: datetime
) -> tuple[int, ...]:
    not_open = refusal_of_phase(locked_phase(session, paper.round_id, now))
    if not_open:
        raise not_open
    return check_choices(paper, choices)


def locked_phase(session: Session, round_id: str, now: datetime) -> Phase:
    """Return the phase of a round, which nobody ends before this transaction has.

    A shared lock: whoever closes the round waits for the casts under way, and later casts see it closed.
    """
    row = session.execute(_PHASE, {"of_round": round_id}).one()
    closing = row.extended_to or row.closes_at
    return phase_at(Phase(row.phase), row.opens_at, closing, now)


def refusal_of_card(session: Session, round_id: str, cred_hash: bytes) -> Refusal | None:
    """Return why a card cannot be used to vote, or None if it can."""
    card = find_card_by_hash(session, round_id, cred_hash)
    if card is None:
        return CardVoid()
    if card.state == CardState.SPENT:
        return CardAlreadyUsed()
    if card.state == CardState.VOID:
        return CardVoid()
    return CardLocked() if card.fails >= MOST_FAILS else None


def receipt_again(session: Session, round_id: str, slot: bytes, *, otherwise: Refusal) -> Receipt:
    """Return the receipt of a slot that lies in the urn already; raise ``otherwise`` if none does."""
    if not is_in_urn(session, round_id, slot):
        raise otherwise
    return Receipt(receipt_code(slot), again=True)


def is_in_urn(session: Session, round_id: str, slot: bytes) -> bool:
    """Tell whether a ballot lies under this slot."""
    found = session.execute(_IN_URN, {"of_round": round_id, "at": slot})
    return found.one_or_none() is not None


def drop_into_urn(session: Session, *, paper: BallotPaper, slot: bytes, ballot: Ballot) -> None:
    """Seal a ballot and insert it; the caller has spent the right in the same transaction."""
    session.execute(_INSERT, sealed_row(paper, slot, ballot))


def sealed_row(paper: BallotPaper, slot: bytes, ballot: Ballot) -> dict[str, object]:
    """Return the row of the urn that holds ``ballot``, padded to the round's one length."""
    padded = pad(encode(ballot), paper.ballot_length)
    salt = secrets.token_bytes(SALT_LENGTH)
    info = seal_info(paper.round_id, paper.config_hash, slot)
    return {
        "round_id": paper.round_id,
        "slot": slot,
        "sealed": seal(paper.seal_public, salt + padded, info),
        "leaf": leaf_of(paper.round_id, paper.config_hash, slot, salt, padded),
        "batch_no": None,
    }


@dataclass(frozen=True)
class Place:
    """Where a receipt's ballot lies; ``covered`` is the size of the checkpoint that sealed it, or None."""

    round_id: str
    covered: int | None


def find_place(session: Session, code: str) -> Place | None:
    """Return where the ballot of a receipt lies, or None if no urn has one."""
    first, last = slot_range(code)
    rows = session.execute(_OF_RECEIPT, {"first": first, "last": last}).all()
    return Place(rows[0].round_id, rows[0].batch_no) if rows else None


# Statements of a voter's path are built once: building one costs more than running it.
_PHASE = (
    select(_ROUND.c.phase, _ROUND.c.opens_at, _ROUND.c.closes_at, _ROUND.c.extended_to)
    .where(_ROUND.c.id == bindparam("of_round"))
    .with_for_update(read=True)
)
_INSERT = insert(_URN)
_IN_URN = select(_URN.c.slot).where(
    _URN.c.round_id == bindparam("of_round"), _URN.c.slot == bindparam("at")
)
_OF_RECEIPT = (
    select(_URN.c.round_id, _URN.c.batch_no)
    .where(_URN.c.slot >= bindparam("first"), _URN.c.slot <= bindparam("last"))
    .limit(2)
)
