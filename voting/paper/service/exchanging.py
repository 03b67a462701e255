"""换票: an unused card or paper is taken back and another right of the same person comes out of it.

What was brought is voided by a conditional update; casting with it at the same moment either comes first, and
then nothing is exchanged, or finds it void. The roll keeps its one mark, whose channel moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, func, insert, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.cards.models import BallotCard, CardState
from voting.cards.service import CardUnknown, find_in_hand
from voting.clock import local_day
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import Exchange, PaperBallot, PaperBundle, PaperState
from voting.paper.rules.serials import read_serial
from voting.paper.service.assisting import start_at_desk
from voting.paper.service.handing import count_handed, get_listed, require_handing
from voting.paper.service.noting import note_round
from voting.persistence.base import new_id
from voting.persistence.changing import changes_one
from voting.roll.models import Channel, Participation
from voting.roll.service import mark_participation
from voting.rounds.models import Round

EXCHANGED = "exchanged"
_CARD = cast("Table", BallotCard.__table__)
_PAPER = cast("Table", PaperBallot.__table__)
_BUNDLE = cast("Table", PaperBundle.__table__)
_MARK = cast("Table", Participation.__table__)
_EXCHANGE = cast("Table", Exchange.__table__)
# What somebody may get instead, by the channel a round must offer.
_OFFERED = {
    Channel.CARD_HANDED: "card",
    Channel.PAPER_HANDED: "paper",
    Channel.ASSISTED: "assisted",
}


class GivenUnknown(Refusal):
    """What was scanned or typed is neither a card nor a paper of this round."""

    msgid = "没有找到这张卡或这张票。请扫交回来的卡或票上的二维码，或输入卡的编号、输入码，票的九位编号。"
    status = 422
    field = "given"


class GivenUsed(Refusal):
    """The card was spent or void, or the paper came out of a box or was spoiled."""

    msgid = "交回来的这一张已经用过、作废或收回了，不能换。要看票有没有投出去，请本人查回执。"
    status = 422
    field = "given"


class GivenOfAnother(Refusal):
    """The card belongs to somebody else, or the roll says that the person got something else."""

    msgid = "交回来的和名册上记的对不上：名册上这位居民%(said)s。请核对是不是本人的，再换。"
    status = 422
    field = "given"


class NotOffered(Refusal):
    """The round does not know what shall be given instead."""

    msgid = "这一轮没有这种投票方式，请换一种。"
    status = 422
    field = "after"


@dataclass(frozen=True)
class Given:
    """What somebody brought back: a card by its hash, or a paper by its serial."""

    card: bytes | None = None
    serial: str | None = None
    elector_id: str | None = None
    """To whom the card is assigned."""


def offered_after(round: Round) -> Sequence[Channel]:
    """Return what somebody may get in exchange in this round."""
    return [channel for channel, name in _OFFERED.items() if round.offers(name)]


def exchange(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    elector_id: str,
    given: str,
    after: Channel,
    holder_id: str,
) -> None:
    """Take back what a person brought and let them have ``after``: a card, a paper or help.

    A new paper is counted out of a bundle of the holder; help is begun, and another officer confirms it.
    Raises NotFound, NotHandingOut, ElectorStruck, NotOffered, GivenUnknown, GivenUsed, GivenOfAnother,
    RightAlreadyUsed or NoPaperLeft.
    """
    round = require_handing(session, round_id, now)
    get_listed(session, round_id, elector_id)
    if after not in offered_after(round):
        raise NotOffered
    found = find_given(session, keys, round_id, given)
    before = _take(session, round_id, elector_id, found)
    giving = _Giving(now, actor, round_id, elector_id, before, after)
    _give(session, giving)
    if after is Channel.PAPER_HANDED:
        count_handed(session, round_id, holder_id)
    taken = "paper" if found.serial else "card"
    note_round(
        session, actor, "paper.exchange", now=now, round=round, taken=taken, given=_OFFERED[after]
    )


@dataclass(frozen=True)
class _Giving:
    """What comes out of an exchange: ``before`` is the channel of the mark that stands, if there is one."""

    now: datetime
    actor: Actor
    round_id: str
    elector_id: str
    before: Channel | None
    after: Channel


def _give(session: Session, giving: _Giving) -> None:
    """Move the mark, or make it; help is begun, and where there was no mark its ballot will make it."""
    about = giving.round_id, giving.elector_id
    if giving.before is not None:
        _move(session, *about, giving.before, giving.after, now=giving.now, actor=giving.actor)
    elif giving.after is not Channel.ASSISTED:
        mark_participation(
            session,
            round_id=giving.round_id,
            elector_id=giving.elector_id,
            channel=giving.after,
            day=local_day(giving.now),
        )
    if giving.after is Channel.ASSISTED:
        start_at_desk(
            session,
            now=giving.now,
            actor=giving.actor,
            round_id=giving.round_id,
            elector_id=giving.elector_id,
            is_marked=giving.before is not None,
        )


def find_given(session: Session, keys: Keyring, round_id: str, text: str) -> Given:
    """Return the card or paper that was scanned or typed; raise GivenUnknown."""
    serial = read_serial(text)
    if serial:
        if session.get(PaperBallot, (round_id, serial)) is None:
            raise GivenUnknown
        return Given(serial=serial)
    try:
        card = find_in_hand(session, round_id, text, card_key=keys.card_key())
    except CardUnknown as unknown:
        raise GivenUnknown from unknown
    owner = select(_CARD.c.elector_id).where(
        _CARD.c.round_id == round_id, _CARD.c.cred_hash == card.cred_hash
    )
    return Given(card=card.cred_hash, elector_id=session.scalar(owner))


def _take(session: Session, round_id: str, elector_id: str, given: Given) -> Channel | None:
    """Void what was brought; return the channel of the mark that stands for it, none for an assigned card."""
    stands = Channel.PAPER_HANDED if given.serial else Channel.CARD_HANDED
    if given.elector_id is not None:
        if given.elector_id != elector_id:
            raise GivenOfAnother(said="没有这张卡")
        stands_for = None
    else:
        _require_mark(session, round_id, elector_id, stands)
        stands_for = stands
    taken = (
        _spoil_paper(session, round_id, given.serial)
        if given.serial
        else _void_card(session, round_id, given.card or b"")
    )
    if not taken:
        raise GivenUsed
    return stands_for


def _require_mark(session: Session, round_id: str, elector_id: str, channel: Channel) -> None:
    mark = session.get(Participation, (round_id, elector_id))
    if mark is None:
        raise GivenOfAnother(said="还没有领过卡或票")
    if mark.channel != channel.value:
        raise GivenOfAnother(said=_SAID[Channel(mark.channel)])


_SAID = {
    Channel.CARD_HANDED: "领的是投票卡",
    Channel.CARD_CAST: "已经用记名卡投过票",
    Channel.POSTER: "已经用海报码投过票",
    Channel.PAPER_HANDED: "领的是纸质票",
    Channel.ASSISTED: "已经由工作人员协助投票",
}


def _void_card(session: Session, round_id: str, cred_hash: bytes) -> bool:
    voiding = (
        update(_CARD)
        .where(
            _CARD.c.round_id == round_id, _CARD.c.cred_hash == cred_hash,
            _CARD.c.state == CardState.PRINTED.value,
        )
        .values(state=CardState.VOID.value, void_reason="换票")
    )  # fmt: skip
    return changes_one(session, voiding)


def _spoil_paper(session: Session, round_id: str, serial: str) -> bool:
    """Spoil a paper of which its bundle still has one out: one that was never handed out is not exchanged."""
    one = and_(_PAPER.c.round_id == round_id, _PAPER.c.serial == serial)
    place = session.execute(select(_PAPER.c.batch_id, _PAPER.c.bundle).where(one)).one()
    # Whoever counts the bundle at the same moment waits here.
    locked = select(_BUNDLE.c.handed).where(
        _BUNDLE.c.batch_id == place.batch_id, _BUNDLE.c.number == place.bundle
    )
    handed = session.scalars(locked.with_for_update()).one()
    back = select(func.count()).where(
        _PAPER.c.batch_id == place.batch_id, _PAPER.c.bundle == place.bundle,
        _PAPER.c.state == PaperState.SPOILED.value, _PAPER.c.reason == EXCHANGED,
    )  # fmt: skip
    if (session.scalar(back) or 0) >= handed:
        return False
    spoiling = (
        update(_PAPER)
        .where(one, _PAPER.c.state == PaperState.PRINTED.value)
        .values(state=PaperState.SPOILED.value, reason=EXCHANGED)
    )
    return changes_one(session, spoiling)


def _move(
    session: Session,
    round_id: str,
    elector_id: str,
    before: Channel,
    after: Channel,
    *,
    now: datetime,
    actor: Actor,
) -> None:
    """Write the exchange and move the mark: the register changes a channel only where such a row says so."""
    row = {
        "id": new_id(), "round_id": round_id, "elector_id": elector_id, "before": before.value,
        "after": after.value, "day": local_day(now),
        # Whoever exchanges for help is the helper: beside the person it would tell who helped whom.
        "by": "" if after is Channel.ASSISTED else actor.id,
    }  # fmt: skip
    session.execute(insert(_EXCHANGE), [row])
    moving = (
        update(_MARK)
        .where(
            _MARK.c.round_id == round_id, _MARK.c.elector_id == elector_id,
            _MARK.c.channel == before.value,
        )
        .values(channel=after.value)
    )  # fmt: skip
    if not changes_one(session, moving):
        raise GivenUsed
