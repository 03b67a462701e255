"""Handing out papers: the mark on the roll and the counter of a bundle, in one transaction.

Nothing says which paper somebody got. Two workers never share a bundle, so they do not wait for each other.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, delete, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.models import Collection, PaperBatch, PaperBundle
from voting.paper.service.reading import exchanged_in_bundle, spoiled_in_bundle
from voting.persistence.changing import changes_one
from voting.roll.models import Channel, Elector
from voting.roll.service import (
    HANDING_OUT,
    ElectorStruck,
    NotHandingOut,
    hand_out,
    mark_participation,
    same_household,
    undo_hand_out,
    unmark_participation,
)
from voting.rounds.models import Round
from voting.rounds.service import get_round

_BUNDLE = cast("Table", PaperBundle.__table__)
_BATCH = cast("Table", PaperBatch.__table__)


class NoPaperLeft(Refusal):
    """The worker is charged with no paper that could be handed out."""

    msgid = "您名下没有可以发的纸质票了，没有登记。请先到“纸质票”里领一本，再发。"


class OtherHousehold(Refusal):
    """Only somebody of the same household may collect for a person."""

    msgid = "只能由同一户（同一栋、同一房号）的人代领。其他人请本人来领，或者上门送。"


class NoPaperToUndo(Refusal):
    """No paper was handed to the person today, or not by this worker."""

    msgid = (
        "今天没有给这位居民登记过发纸质票，或者您手上没有发出去还能收回的票，不能撤销。"
        "请发票的人自己撤销；以前登记的不能撤销。"
    )


class MediumNotOffered(Refusal):
    """The round's rules, which are frozen, have no such thing to hand out."""

    msgid = "这一轮的规则里没有这种投票方式，不能发。"


def hand(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    elector_id: str,
    medium: str,
    holder_id: str,
    taker_id: str | None = None,
) -> None:
    """Note that a person, or ``taker_id`` for them, got a ``card`` or a ``paper``.

    Raises what ``hand_card`` and ``hand_paper`` raise.
    """
    facts = {"round_id": round_id, "elector_id": elector_id, "taker_id": taker_id}
    if medium == "paper":
        hand_paper(session, now=now, keys=keys, holder_id=holder_id, **facts)  # type: ignore[arg-type]  # as named
    else:
        hand_card(session, now=now, keys=keys, **facts)  # type: ignore[arg-type]  # as named


def hand_card(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    elector_id: str,
    taker_id: str | None = None,
) -> None:
    """Note that a bearer card was handed to a person, or to ``taker_id`` of the same household.

    Raises NotFound, NotHandingOut, MediumNotOffered, ElectorStruck, RightAlreadyUsed or OtherHousehold.
    """
    round = require_handing(session, round_id, now)
    if not round.offers("card"):
        raise MediumNotOffered
    hand_out(session, now=now, round_id=round_id, elector_id=elector_id)
    if taker_id:
        note_collected(
            session, now=now, keys=keys, round=round, elector_id=elector_id, taker_id=taker_id
        )


def hand_paper(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round_id: str,
    elector_id: str,
    holder_id: str,
    taker_id: str | None = None,
) -> None:
    """Note that a paper of the holder was handed to a person, or to ``taker_id`` of the same household.

    Raises NotFound, NotHandingOut, MediumNotOffered, ElectorStruck, OtherHousehold, RightAlreadyUsed or
    NoPaperLeft. Nothing is written to the journal: only the day is ever kept.
    """
    round = require_handing(session, round_id, now)
    if not round.offers("paper"):
        raise MediumNotOffered
    get_listed(session, round_id, elector_id)
    mark_participation(
        session, round_id=round_id, elector_id=elector_id, channel=Channel.PAPER_HANDED,
        day=local_day(now),
    )  # fmt: skip
    if taker_id:
        note_collected(
            session, now=now, keys=keys, round=round, elector_id=elector_id, taker_id=taker_id
        )
    count_handed(session, round_id, holder_id)


def require_handing(session: Session, round_id: str, now: datetime) -> Round:
    """Return the round if something may be handed out now; raise NotFound or NotHandingOut."""
    round = get_round(session, round_id)
    if round.phase_at(now) not in HANDING_OUT:
        raise NotHandingOut
    return round


def get_listed(session: Session, round_id: str, elector_id: str) -> Elector:
    """Return somebody who is on the roll; raise NotFound or ElectorStruck."""
    elector = session.get(Elector, (round_id, elector_id))
    if elector is None:
        raise NotFound
    if elector.struck_at is not None:
        raise ElectorStruck
    return elector


def note_collected(
    session: Session,
    *,
    now: datetime,
    keys: Keyring,
    round: Round,
    elector_id: str,
    taker_id: str,
) -> None:
    """Note that somebody of the same household collected for a person; raise OtherHousehold."""
    taker = session.get(Elector, (round.id, taker_id))
    person = session.get_one(Elector, (round.id, elector_id))
    unfit = taker is None or taker.struck_at is not None or taker_id == elector_id
    if unfit or taker is None or not same_household(keys, round, person, taker):
        raise OtherHousehold
    session.add(
        Collection(round_id=round.id, elector_id=elector_id, taker_id=taker_id, day=local_day(now))
    )
    session.flush()


def count_handed(session: Session, round_id: str, holder_id: str) -> None:
    """Count one more paper out of a bundle of the holder by a conditional update; raise NoPaperLeft."""
    for place in session.execute(_open_bundles(round_id, holder_id)).all():
        one_more = (
            update(_BUNDLE)
            .where(
                _BUNDLE.c.batch_id == place.batch_id, _BUNDLE.c.number == place.number,
                _BUNDLE.c.holder_id == holder_id, _BUNDLE.c.unused.is_(None),
                _BUNDLE.c.handed + spoiled_in_bundle() < _BUNDLE.c.count,
            )
            .values(handed=_BUNDLE.c.handed + 1)
        )  # fmt: skip
        if changes_one(session, one_more):
            return
    raise NoPaperLeft


def _open_bundles(round_id: str, holder_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(_BUNDLE.c.batch_id, _BUNDLE.c.number)
        .join(_BATCH, _BATCH.c.id == _BUNDLE.c.batch_id)
        .where(
            _BATCH.c.round_id == round_id, _BATCH.c.state == "printed",
            _BATCH.c.ledger_idx.is_not(None), _BUNDLE.c.holder_id == holder_id,
            _BUNDLE.c.unused.is_(None), _BUNDLE.c.handed < _BUNDLE.c.count,
        )
        .order_by(_BATCH.c.number, _BUNDLE.c.number)
    )  # fmt: skip


def undo(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    elector_id: str,
    medium: str,
    holder_id: str,
    reason: str,
) -> None:
    """Take back what was noted on the same day; raise what ``undo_paper`` or ``undo_hand_out`` raises."""
    if medium == "paper":
        undo_paper(
            session, now=now, actor=actor, round_id=round_id, elector_id=elector_id,
            holder_id=holder_id, reason=reason,
        )  # fmt: skip
        return
    undo_hand_out(
        session, now=now, actor=actor, round_id=round_id, elector_id=elector_id, reason=reason
    )
    _forget_collected(session, round_id, elector_id, now)


def undo_paper(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    elector_id: str,
    holder_id: str,
    reason: str,
) -> None:
    """Take back what ``hand_paper`` noted on the same day; the paper is in the holder's hands again.

    Raises NotHandingOut or NoPaperToUndo. The journal keeps the elector's id and one of the codes a form
    offers.
    """
    round = require_handing(session, round_id, now)
    _forget_collected(session, round_id, elector_id, now)
    paper, day = Channel.PAPER_HANDED, local_day(now)
    if not unmark_participation(
        session, round_id=round_id, elector_id=elector_id, channel=paper, day=day
    ):
        raise NoPaperToUndo
    _count_back(session, round_id, holder_id)
    record(
        session, actor, "paper.undo_hand_out", now=now, kind="elector", id=elector_id,
        area_path=round.area.path, round_id=round_id, reason=reason,
    )  # fmt: skip


def _forget_collected(session: Session, round_id: str, elector_id: str, now: datetime) -> None:
    session.execute(
        delete(Collection).where(
            Collection.round_id == round_id,
            Collection.elector_id == elector_id,
            Collection.day == local_day(now),
        )
    )


def _count_back(session: Session, round_id: str, holder_id: str) -> None:
    """Count one paper less as handed out of the bundle the holder is working on; raise NoPaperToUndo."""
    mine = (
        select(_BUNDLE.c.batch_id, _BUNDLE.c.number)
        .join(_BATCH, _BATCH.c.id == _BUNDLE.c.batch_id)
        .where(
            _BATCH.c.round_id == round_id, _BUNDLE.c.holder_id == holder_id,
            _BUNDLE.c.unused.is_(None), _BUNDLE.c.handed > exchanged_in_bundle(),
        )
        .order_by(_BATCH.c.number.desc(), _BUNDLE.c.number.desc())
    )  # fmt: skip
    for place in session.execute(mine).all():
        one_less = (
            update(_BUNDLE)
            .where(
                _BUNDLE.c.batch_id == place.batch_id, _BUNDLE.c.number == place.number,
                _BUNDLE.c.holder_id == holder_id, _BUNDLE.c.unused.is_(None),
                _BUNDLE.c.handed > exchanged_in_bundle(),
            )
            .values(handed=_BUNDLE.c.handed - 1)
        )  # fmt: skip
        if changes_one(session, one_less):
            return
    raise NoPaperToUndo
