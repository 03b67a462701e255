"""Casting an assisted ballot: one session with two officers gives one ballot, and is gone.

What is left says that two officers helped somebody, and never whom with what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voting.ballots.rules import (
    Ballot,
    BallotPaper,
    check_choices,
    receipt_code,
    refusal_of_phase,
    slot_of,
)
from voting.ballots.service import Receipt, drop_into_urn, locked_phase, receipt_again
from voting.clock import local_day
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.models import AssistedBallot
from voting.paper.service.assisting import ASSISTED, SESSION, AssistGone, channel_of, of_person
from voting.roll.models import Channel
from voting.roll.service import RightAlreadyUsed, mark_participation
from voting.rounds.service import get_round


class NotAccompanied(Refusal):
    """Nobody has confirmed to be present."""

    msgid = "还没有另一位工作人员确认陪同，不能投票。请另一位用自己的手机登录，在“协助投票”里确认。"


@dataclass(frozen=True)
class Helped:
    """The session that a ballot has used up."""

    first_by: str
    second_by: str
    place: str


def cast_assisted(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    paper: BallotPaper,
    elector_id: str,
    nonce: bytes,
    choices: Sequence[int],
) -> Receipt:
    """Use up a session, mark the roll and drop the sealed ballot; the caller commits, then shows the receipt.

    A second tap or a lost reply finds its own slot and gets the same receipt. Raises VotingNotOpen,
    AssistGone, NotAccompanied, RightAlreadyUsed, or what ``check_choices`` raises.
    """
    slot, round_id = slot_of(nonce), paper.round_id
    not_open = refusal_of_phase(locked_phase(session, round_id, now))
    if not_open:
        return receipt_again(session, round_id, slot, otherwise=not_open)
    try:
        chosen = check_choices(paper, choices)
    except Refusal as wrong:
        return receipt_again(session, round_id, slot, otherwise=wrong)
    helped = _use_up(session, round_id, elector_id, actor.id, local_day(now))
    if helped is None:
        why = _why_not(session, round_id, elector_id)
        return receipt_again(session, round_id, slot, otherwise=why)
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot(ASSISTED, chosen))
    _note(session, now, actor, round_id, slot, helped)
    return Receipt(receipt_code(slot))


def _use_up(
    session: Session, round_id: str, elector_id: str, officer_id: str, day: date
) -> Helped | None:
    """Delete the session, which must be one row with two officers, and use the person's right."""
    row = session.execute(
        delete(SESSION)
        .where(
            *of_person(round_id, elector_id),
            SESSION.c.first_by == officer_id,
            SESSION.c.second_by.is_not(None),
            SESSION.c.day == day,
        )
        .returning(SESSION.c.first_by, SESSION.c.second_by, SESSION.c.place, SESSION.c.marked)
    ).one_or_none()
    if row is None:
        return None
    if not row.marked:
        mark_participation(
            session, round_id=round_id, elector_id=elector_id, channel=Channel.ASSISTED, day=day
        )
    elif channel_of(session, round_id, elector_id) != Channel.ASSISTED:
        raise RightAlreadyUsed
    return Helped(row.first_by, row.second_by, row.place)


def _note(
    session: Session, now: datetime, actor: Actor, round_id: str, slot: bytes, helped: Helped
) -> None:
    session.add(
        AssistedBallot(
            round_id=round_id, slot=slot, first_by=helped.first_by, second_by=helped.second_by
        )
    )
    session.flush()
    round = get_round(session, round_id)
    about = {"kind": "round", "id": round.id, "area_path": round.area.path}
    record(
        session,
        actor,
        "paper.assist",
        now=now,
        place=helped.place,
        second=helped.second_by,
        **about,
    )


def _why_not(session: Session, round_id: str, elector_id: str) -> Refusal:
    alone = select(SESSION.c.day).where(
        *of_person(round_id, elector_id), SESSION.c.second_by.is_(None)
    )
    return NotAccompanied() if session.execute(alone).one_or_none() else AssistGone()
