"""Drawing people marked as having voted for a call-back: at random, and anybody with the roll draws the same.

The seed follows from a root that was signed before anybody knew the public number, and from that number. One
draw a round: its primary key decides which of two officers was first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import CannotOpen
from voting.audits.models import CallBack, CallDraw
from voting.audits.rules import MOST_CALLS, call_order, call_seed, read_public_number
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.models import Checkpoint
from voting.ledger.service import note_for_ledger
from voting.persistence.base import new_id
from voting.roll.models import Channel, Elector, Participation
from voting.roll.service.secrecy import open_phone, open_room, roll_key
from voting.rounds.models import Round
from voting.rounds.rules import STRAIGHT_PATH, Phase
from voting.rounds.service import get_round, require_monitor, settle

CALLING = frozenset(STRAIGHT_PATH[STRAIGHT_PATH.index(Phase.COUNTING) :]) - {Phase.ARCHIVED}
_DRAW = cast("Table", CallDraw.__table__)
_CALL = cast("Table", CallBack.__table__)


class NotCalling(Refusal):
    """Voting is still on, or the round is filed."""

    msgid = "现在不能抽取回访：要等投票截止之后、归档之前。"


class AlreadyDrawn(Refusal):
    """A round has one draw."""

    msgid = "这一轮已经抽取过回访名单，不能再抽一次。"


class NoCheckpointYet(Refusal):
    """The ledger has not been signed since voting ended."""

    msgid = "投票截止以后还没有封存点。请过几分钟再来；一直没有的，请管理员检查后台服务。"


class NobodyMarked(Refusal):
    """Nobody is marked as having voted."""

    msgid = "名册上没有划销记录，没有人可以抽。"


class NumberUnreadable(Refusal):
    """What was typed is no public number."""

    msgid = "请填 4 到 40 位数字，照公布的原样填，例如彩票的开奖号码。"
    status = 422
    field = "public_number"


class CountUnfit(Refusal):
    """More or fewer than can be drawn."""

    msgid = "请填 1 到 %(most)d 之间的整数。"
    status = 422
    field = "count"


class RollKeyMissing(Refusal):
    """The key of the roll is not on this server, or has gone with the roll."""

    msgid = "这台服务器上没有本轮名册的钥匙，房号和电话打不开，不能印登记表。请联系管理员。"


@dataclass(frozen=True, repr=False)
class Called:
    """A person as the register shows them; room and telephone are open, for that paper alone."""

    place: int
    name: str
    building: str
    room: str
    phone: str
    channel: Channel | None

    def __repr__(self) -> str:
        return f"Called({self.place})"


def draw_calls(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    monitor_id: str,
    public_number: str,
    source: str,
    count: int,
) -> CallDraw:
    """Draw ``count`` people marked as having voted, or all of them where there are fewer.

    Raises NotFound, NotCalling, MonitorUnfit, NumberUnreadable, CountUnfit, NoCheckpointYet, NobodyMarked or
    AlreadyDrawn.
    """
    round = _require_calling(session, now=now, actor=actor, round_id=round_id)
    monitor = require_monitor(session, round_id, monitor_id)
    number = read_public_number(public_number)
    if number is None:
        raise NumberUnreadable
    if not 1 <= count <= MOST_CALLS:
        raise CountUnfit(most=MOST_CALLS)
    closed, marked = _grounds(session, round)
    seed = call_seed(closed.root, number)
    chosen = call_order(seed, marked)[:count]
    facts = {
        "round_id": round_id, "at": now, "by": actor.id, "monitor_id": monitor.id,
        "public_number": number, "source": source, "size": closed.size, "root": closed.root,
        "seed": seed, "marked": len(marked), "drawn": len(chosen),
    }  # fmt: skip
    _store(session, facts, chosen)
    draw = get_calls(session, round_id)
    note_for_ledger(
        session, now=now, round_id=round_id, kind="calls", drawn=draw.drawn, marked=draw.marked,
        seed=seed.hex(),
    )  # fmt: skip
    _note(session, now, actor, round, "audits.draw_calls", draw.drawn)
    return draw


def find_calls(session: Session, round_id: str) -> CallDraw | None:
    """Return the draw of a round, or None."""
    return session.get(CallDraw, round_id, populate_existing=True)


def get_calls(session: Session, round_id: str) -> CallDraw:
    """Return the draw of a round; raise NotFound."""
    draw = find_calls(session, round_id)
    if draw is None:
        raise NotFound
    return draw


def first_after_closing(session: Session, round: Round) -> Checkpoint | None:
    """Return the first checkpoint that was signed when voting was over, or None."""
    query = select(Checkpoint).where(
        Checkpoint.round_id == round.id, Checkpoint.at >= round.closing
    )
    return session.scalars(query.order_by(Checkpoint.size).limit(1)).one_or_none()


def open_register(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str
) -> list[Called]:
    """Return the people drawn with room and telephone, and write down that somebody printed them.

    Raises NotFound or RollKeyMissing.
    """
    draw, round = get_calls(session, round_id), get_round(session, round_id)
    try:
        people = list(_people(session, keys, round))
    except CannotOpen as missing:
        raise RollKeyMissing from missing
    _note(session, now, actor, round, "audits.print_calls", draw.drawn)
    return people


def _require_calling(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    settle(session, now=now, round_id=round_id)
    round = get_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    session.refresh(round)
    if round.kind == "loaded" or round.phase not in CALLING:
        raise NotCalling
    return round


def _grounds(session: Session, round: Round) -> tuple[Checkpoint, Sequence[str]]:
    """Return what a draw follows from: the first head after closing, and who is marked."""
    closed = first_after_closing(session, round)
    if closed is None:
        raise NoCheckpointYet
    marked = session.scalars(
        select(Participation.elector_id).where(Participation.round_id == round.id)
    ).all()
    if not marked:
        raise NobodyMarked
    return closed, marked


def _store(session: Session, facts: dict[str, Any], chosen: list[str]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(_DRAW), facts)
    except IntegrityError as refused:
        raise AlreadyDrawn from refused
    rows = [
        {"id": new_id(), "round_id": facts["round_id"], "place": place, "elector_id": one}
        for place, one in enumerate(chosen, 1)
    ]
    session.execute(insert(_CALL), rows)


def _note(
    session: Session, now: datetime, actor: Actor, round: Round, act: str, count: int
) -> None:
    place: dict[str, Any] = {"kind": "round", "id": round.id, "area_path": round.area.path}
    record(session, actor, act, now=now, count=count, **place)


def _people(session: Session, keys: Keyring, round: Round) -> Iterator[Called]:
    pepper = roll_key(keys, round)
    rows = session.execute(
        select(CallBack.place, Elector, Participation.channel)
        .join(
            Elector,
            (Elector.round_id == CallBack.round_id) & (Elector.elector_id == CallBack.elector_id),
        )
        .outerjoin(
            Participation,
            (Participation.round_id == CallBack.round_id)
            & (Participation.elector_id == CallBack.elector_id),
        )
        .where(CallBack.round_id == round.id)
        .order_by(CallBack.place)
    )
    for place, elector, channel in rows:
        yield Called(
            place=place,
            name=elector.name_masked,
            building=elector.building,
            room=open_room(pepper, elector.room_sealed),
            phone=open_phone(pepper, elector.phone_sealed),
            channel=Channel(channel) if channel else None,
        )
