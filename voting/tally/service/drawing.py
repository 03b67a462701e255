"""Drawing the lot among equal votes in public: announced first, then two officers type a number nobody knew.

The seed follows from the root of the first checkpoint that covers the count, and from a number that came out
after the tie was published. One draw a round: a primary key and conditional updates decide.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, Update, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.audits.rules import read_public_number
from voting.clock import moment_text
from voting.errors import NotFound, Refusal
from voting.figures import day_clock
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.ledger.service import first_over, note_for_ledger
from voting.notices.models import Notice
from voting.notices.service import find_notice
from voting.persistence.changing import changes_one
from voting.proposals.models import Candidate
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, hold_round
from voting.tally.models import TieDraw
from voting.tally.rules.deciding import public_seed
from voting.tally.service.counting import counted_with, find_tally, sign_ledger
from voting.tally.service.drawn import Drawn, find_drawn, find_typed
from voting.tally.service.reckoning import draws_in_public

DRAW = "draw"
_DRAW = cast("Table", TieDraw.__table__)


class NothingToDraw(Refusal):
    """No tie waits for a lot."""

    msgid = "这一轮没有要抽签的并列项目。"


class NotAnnouncedTie(Refusal):
    """The tie has not been published."""

    msgid = "并列还没有公布。请先发抽签公告并张贴，再等公告以后开出的号码。"


class NotInCount(Refusal):
    """The round is paused, or its result has been sent for review."""

    msgid = "现在不能抽签：轮次要在计票阶段，而且没有暂停。"


class NumberUnfit(Refusal):
    """What was typed is no public number."""

    msgid = "请填 4 到 40 位数字，照公布的原样填，例如彩票的开奖号码。"
    status = 422
    field = "public_number"


class CameTooEarly(Refusal):
    """The number was known when the tie was published."""

    msgid = (
        "并列是%(published)s公布的，号码要在这以后开出。请用公布以后开出的第一期，并核对开出时间。"
    )
    status = 422
    field = "came_day"


class CameTooLate(Refusal):
    """The number has not come out yet."""

    msgid = "开出时间还没有到。请核对日期和时间。"
    status = 422
    field = "came_day"


class AlreadyDrawn(Refusal):
    """A round has one draw."""

    msgid = "已经抽过签，不能改，也不能再抽一次。"


class NothingTyped(Refusal):
    """Nobody has typed the number yet."""

    msgid = "还没有人填号码。请先由一位工作人员填写。"


class SameTyper(Refusal):
    """The second must be somebody else."""

    msgid = "号码是您填的。请另一位工作人员登录，自己再填一遍。"


class NumbersDiffer(Refusal):
    """The two officers did not type the same."""

    msgid = "和第一位填的不一样。请对着公布的号码再看一遍；是第一位填错的，请重新填写。"
    status = 422
    field = "public_number"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What an officer types of a public number: digits, its issue, when it came out, who was there."""

    public_number: str
    issue: str
    came_at: datetime
    present: str


@dataclass(frozen=True)
class Tied:
    """Candidates with equal votes that only a lot can put in order; by ballot number, or as it was drawn."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class DrawState:
    """Where the lot of a counted round stands; ``tied`` is empty where no lot is needed."""

    tied: tuple[Tied, ...]
    notice: Notice | None
    typed: TieDraw | None
    drawn: Drawn | None

    @property
    def waits(self) -> bool:
        """Whether the result waits for the lot."""
        return bool(self.tied) and self.drawn is None


def draw_state(session: Session, round: Round) -> DrawState:
    """Return where the lot of a round stands; nothing is tied before the count."""
    if not draws_in_public(round) or find_tally(session, round.id) is None:
        return DrawState((), None, None, None)
    drawn = find_drawn(session, round.id)
    return DrawState(
        _tied(session, round.id, drawn),
        find_notice(session, round.id, DRAW),
        find_typed(session, round.id),
        drawn,
    )


def _tied(session: Session, round_id: str, drawn: Drawn | None) -> tuple[Tied, ...]:
    # In the order of ballot numbers: the order of votes is nobody's before the declaration.
    before = counted_with(session, round_id, None)
    groups = sorted(
        sorted(group, key=lambda id: _number(before.candidates[id]))
        for group in before.outcome.decisive
    )
    if drawn:
        after = counted_with(session, round_id, drawn.seed).outcome.standings
        places = {one.id: one.place or 0 for one in after}
        groups = [sorted(group, key=lambda id: places[id]) for group in groups]
    return tuple(Tied(tuple(before.candidates[id] for id in group)) for group in groups)


def _number(candidate: Candidate) -> int:
    return candidate.ballot_number or 0


def type_number(
    session: Session, *, now: datetime, actor: Actor, round_id: str, typed: Typed
) -> TieDraw:
    """Note the public number as one officer types it; until a second one agrees it may be typed anew.

    Raises NotFound, NotInCount, NothingToDraw, NotAnnouncedTie, NumberUnfit, CameTooEarly, CameTooLate or
    AlreadyDrawn.
    """
    _admit(session, now=now, actor=actor, round_id=round_id, came_at=typed.came_at)
    number = _read_number(typed.public_number)
    facts = {
        "public_number": number, "issue": typed.issue, "came_at": typed.came_at,
        "present": typed.present, "first_by": actor.id, "first_at": now,
    }  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(insert(_DRAW).values(round_id=round_id, **facts))
    except IntegrityError as taken:
        again = update(_DRAW).where(*_waiting(round_id)).values(**facts)
        if not changes_one(session, again):
            raise AlreadyDrawn from taken
    _note(session, now, actor, round_id, "tally.type_draw")
    return session.get_one(TieDraw, round_id, populate_existing=True)


def confirm_number(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    public_number: str,
) -> Drawn:
    """Draw the lot, once a second officer has typed the same number; it stands in the ledger from then on.

    Raises NotFound, NotInCount, NothingToDraw, NotAnnouncedTie, NumberUnfit, NothingTyped, SameTyper,
    NumbersDiffer or AlreadyDrawn.
    """
    _admit(session, now=now, actor=actor, round_id=round_id)
    number = _read_number(public_number)
    covering = first_over(session, round_id, "tally")
    if covering is None:
        raise NotAnnouncedTie
    seed = public_seed(covering.root, number)
    outcome = counted_with(session, round_id, seed).answer
    facts = {"size": covering.size, "root": covering.root, "seed": seed, "outcome": outcome}
    if not changes_one(session, confirmation(round_id, actor.id, now, number, facts)):
        raise _why_not(session, round_id, actor)
    note_for_ledger(
        session, now=now, round_id=round_id, kind=DRAW, at=moment_text(now), number=number,
        size=covering.size, root=covering.root.hex(),
        outcome=hashlib.sha256(outcome.encode()).hexdigest(),
    )  # fmt: skip
    _note(session, now, actor, round_id, "tally.confirm_draw")
    sign_ledger(session, now=now, keys=keys, round_id=round_id)
    drawn = find_drawn(session, round_id)
    if drawn is None:
        raise NothingTyped
    return drawn


def confirmation(
    round_id: str, officer_id: str, now: datetime, number: str, facts: dict[str, object]
) -> Update:
    """Return the update that draws: nobody has, the first was another, and typed the same number."""
    return (
        update(_DRAW)
        .where(
            *_waiting(round_id),
            _DRAW.c.first_by != officer_id,
            _DRAW.c.public_number == number,
        )
        .values(second_by=officer_id, second_at=now, **facts)
    )


def _waiting(round_id: str) -> tuple[ColumnElement[bool], ...]:
    return _DRAW.c.round_id == round_id, _DRAW.c.second_by.is_(None)


def _why_not(session: Session, round_id: str, actor: Actor) -> Refusal:
    typed = find_typed(session, round_id)
    if typed is None:
        return NothingTyped()
    if typed.second_by is not None:
        return AlreadyDrawn()
    return SameTyper() if typed.first_by == actor.id else NumbersDiffer()


def _admit(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    came_at: datetime | None = None,
) -> None:
    """Hold a round whose lot may be drawn now; raise the first refusal."""
    if not get_round(session, round_id).area.path.startswith(actor.area_path):
        raise NotFound
    round = hold_round(session, round_id)
    state = draw_state(session, round)
    if state.drawn is not None:
        raise AlreadyDrawn
    if round.phase != Phase.COUNTING:
        raise NotInCount
    if not state.tied:
        raise NothingToDraw
    if state.notice is None:
        raise NotAnnouncedTie
    if came_at is not None and came_at <= state.notice.issued_at:
        raise CameTooEarly(published=day_clock(state.notice.issued_at))
    if came_at is not None and came_at > now:
        raise CameTooLate


def _read_number(text: str) -> str:
    number = read_public_number(text)
    if number is None:
        raise NumberUnfit
    return number


def _note(session: Session, now: datetime, actor: Actor, round_id: str, act: str) -> None:
    path = get_round(session, round_id).area.path
    record(session, actor, act, now=now, kind="round", id=round_id, area_path=path)
