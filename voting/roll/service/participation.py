"""The register of rights used: ``mark_participation`` is the only gate to it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.persistence.changing import changes_one
from voting.roll.models import Channel, Elector, Participation
from voting.roll.service.inserting import PARTICIPATION, insert_new
from voting.rounds.rules import Phase
from voting.rounds.service import get_round

HANDING_OUT = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING})


class RightAlreadyUsed(Refusal):
    """The person's right has been used through some channel."""

    msgid = "名册上已经记录这位居民领过票或投过票，不能再领再投。如有疑问，请到社区服务台核对。"


class NotHandingOut(Refusal):
    """Cards are handed out from the announcement of the vote until voting ends."""

    msgid = "现在不能登记发卡：要等投票公告发布之后、投票截止之前。"


class ElectorStruck(Refusal):
    """The person was struck from the roll."""

    msgid = "这位居民已从名册中除名，不能领卡、领票或投票。如有疑问，请到社区服务台核对。"


class NothingToUndo(Refusal):
    """No card was handed to the person today."""

    msgid = "今天没有给这位居民登记过发卡，没有可以撤销的。以前登记的不能撤销。"


@dataclass(frozen=True)
class RollCounts:
    """How many may vote, and how many rights have been used."""

    listed: int
    marked: int


def mark_participation(
    session: Session, *, round_id: str, elector_id: str, channel: Channel, day: date
) -> None:
    """Use a person's right; raise RightAlreadyUsed. The primary key decides, not a look beforehand.

    Raise ElectorStruck too: whoever strikes the person waits for this mark, or this mark for them.
    """
    if _hold_listed(session, round_id, elector_id):
        raise ElectorStruck
    row = {"round_id": round_id, "elector_id": elector_id, "channel": channel.value, "day": day}
    used = session.scalars(insert_new(session, PARTICIPATION.c.elector_id), [row])
    if used.one_or_none() is None:
        raise RightAlreadyUsed


def _hold_listed(session: Session, round_id: str, elector_id: str) -> bool:
    """Hold a person's row against being struck, and tell whether they were."""
    found = session.execute(_LISTED, {"of_round": round_id, "of_elector": elector_id})
    return bool(found.scalar_one_or_none())


def unmark_participation(
    session: Session, *, round_id: str, elector_id: str, channel: Channel, day: date
) -> bool:
    """Take back a mark of this channel and day, and tell whether it was there."""
    mark = delete(Participation).where(
        Participation.round_id == round_id,
        Participation.elector_id == elector_id,
        Participation.channel == channel.value,
        Participation.day == day,
    )
    return changes_one(session, mark)


def roll_counts(session: Session, round_id: str) -> RollCounts:
    """Count the listed people of a round, and the rights used so far."""
    listed = select(func.count()).where(Elector.round_id == round_id, Elector.struck_at.is_(None))
    marked = select(func.count()).where(Participation.round_id == round_id)
    return RollCounts(session.scalar(listed) or 0, session.scalar(marked) or 0)


def marked_by_day(session: Session, round_id: str) -> dict[date, int]:
    """Count the rights used on each day on which there was one; never to be shown as it is."""
    days = (
        select(Participation.day, func.count().label("number"))
        .where(Participation.round_id == round_id)
        .group_by(Participation.day)
    )
    return {row.day: row.number for row in session.execute(days)}


def hand_out(session: Session, *, now: datetime, round_id: str, elector_id: str) -> None:
    """Note that a bearer card was handed to a person: their right is used.

    Raise NotFound, NotHandingOut, ElectorStruck or RightAlreadyUsed. Nothing is written to the journal: only
    the day is ever kept (integrity.md §3.1).
    """
    _require_handing_out(session, round_id, now)
    known = select(func.count()).where(
        Elector.round_id == round_id, Elector.elector_id == elector_id
    )
    if not session.scalar(known):
        raise NotFound
    mark_participation(
        session,
        round_id=round_id,
        elector_id=elector_id,
        channel=Channel.CARD_HANDED,
        day=local_day(now),
    )


def undo_hand_out(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    elector_id: str,
    reason: str,
) -> None:
    """Take back what ``hand_out`` noted on the same day; raise NotHandingOut or NothingToUndo.

    ``reason`` is one of the codes a form offers; the journal keeps it with the elector's id.
    """
    path = _require_handing_out(session, round_id, now)
    card, day = Channel.CARD_HANDED, local_day(now)
    if not unmark_participation(
        session, round_id=round_id, elector_id=elector_id, channel=card, day=day
    ):
        raise NothingToUndo
    place = {"kind": "elector", "id": elector_id, "area_path": path}
    record(
        session,
        actor,
        "roll.undo_hand_out",
        now=now,
        round_id=round_id,
        reason=reason,
        **place,
    )


def _require_handing_out(session: Session, round_id: str, now: datetime) -> str:
    round = get_round(session, round_id)
    if round.phase_at(now) not in HANDING_OUT:
        raise NotHandingOut
    return round.area.path


# On a voter's path: built once, because building it costs more than running it.
_LISTED = (
    select(Elector.struck_at.is_not(None))
    .where(Elector.round_id == bindparam("of_round"), Elector.elector_id == bindparam("of_elector"))
    .with_for_update(read=True, key_share=True)
)
