"""What happened on paper while the power was out is entered afterwards: who took a ballot, and the ballots.

No keyed choice is stored in clear: the first keying leaves a keyed hash, and the second, by somebody else,
which must give the same, drops the sealed ballot into the urn. Nothing leads from the paper to the urn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash
from voting.ballots.rules import Ballot, slot_of
from voting.ballots.service import drop_into_urn, load_paper
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.roll.models import Channel, Participation
from voting.roll.service import RightAlreadyUsed, mark_participation, register
from voting.rounds.models import Round
from voting.rounds.rules import BallotKind, Phase
from voting.rounds.service import hold_round
from voting.tally.models import UrnOpening
from voting.tally.service import find_opening, find_tally
from voting.upkeep.models import EmergencyBallot

_NONCE = 16
_OPEN = frozenset({Phase.VOTING, Phase.COUNTING})


class NotEntering(Refusal):
    """Before the vote there is nothing to enter, and an opened urn takes nothing any more."""

    msgid = "现在不能补录：要在投票开始以后、开箱以前补录。"


class OnlyTicks(Refusal):
    """The paper has one box for each project."""

    msgid = "这一轮不是打勾的选票，不能用应急纸质票。"


class TooManyTicks(Refusal):
    """The paper ballot counts for nothing."""

    msgid = "这张票选了 %(ticked)d 项，最多 %(most)d 项：整张无效，不录入，请放进无效票袋，记在登记表上。"
    status = 422
    field = "choices"


class NoSuchNumber(Refusal):
    """No project has this number."""

    msgid = "候选项目里没有 %(number)d 号。请核对。"
    status = 422
    field = "choices"


class SerialEntered(Refusal):
    """The number was entered by two."""

    msgid = "%(serial)d 号票两遍都录过了，已经进票箱，不能再录。"
    status = 422
    field = "serial"


class SameKeyer(Refusal):
    """The second must be somebody else."""

    msgid = "%(serial)d 号票的第一遍是您录的，第二遍要请另一位工作人员录。"
    status = 422
    field = "serial"


class KeyingsDiffer(Refusal):
    """One of two looked wrongly."""

    msgid = "%(serial)d 号票两遍录得不一样。请两个人一起看票：第二遍错了就重录；第一遍错了，先作废第一遍。"
    status = 422
    field = "choices"


class NothingKeyed(Refusal):
    """There is no first keying to give up."""

    msgid = "%(serial)d 号票没有等着第二遍的录入。"
    status = 422
    field = "given_up"


class NoRightLeft(Refusal):
    """More ballots than people who took one."""

    msgid = "登记领纸质票的有 %(marked)d 人，已经录进 %(marked)d 张票。请先登记领票的人，再录票。"
    status = 422
    field = "serial"


@dataclass(frozen=True)
class Marked:
    """What became of lines: how many were marked, which had used their right, which do not exist."""

    marked: int
    used: Sequence[int]
    unknown: Sequence[int]


@dataclass(frozen=True)
class Standing:
    """How far entering is: people marked for paper, ballots in the urn, keyed once."""

    marked: int
    entered: int
    waiting: Sequence[int]


def standing(session: Session, round_id: str) -> Standing:
    """Return how far entering is."""
    rows = session.execute(
        select(EmergencyBallot.serial, EmergencyBallot.second_by)
        .where(EmergencyBallot.round_id == round_id)
        .order_by(EmergencyBallot.serial)
    ).all()
    waiting = [row.serial for row in rows if row.second_by is None]
    return Standing(_marked(session, round_id), len(rows) - len(waiting), waiting)


def _marked(session: Session, round_id: str) -> int:
    handed = select(func.count()).where(
        Participation.round_id == round_id, Participation.channel == Channel.PAPER_HANDED.value
    )
    return session.scalar(handed) or 0


def mark_lines(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    numbers: Sequence[int],
) -> Marked:
    """Mark the people of these lines of the printed register as having taken a paper ballot.

    Whoever has used their right already is named and not marked: the primary key decides. Raises NotFound or
    NotEntering.
    """
    round = _hold(session, now=now, actor=actor, round_id=round_id)
    people = register(session, keys=keys, round_id=round_id)
    marked, used, unknown = 0, [], []
    for number in numbers:
        if number > len(people) or people[number - 1].is_struck:
            unknown.append(number)
            continue
        try:
            mark_participation(
                session, round_id=round_id, elector_id=people[number - 1].elector_id,
                channel=Channel.PAPER_HANDED, day=local_day(now),
            )  # fmt: skip
            marked += 1
        except RightAlreadyUsed:
            used.append(number)
    _note(session, now, actor, round, "emergency.mark", marked=marked, used=len(used))
    return Marked(marked, used, unknown)


def key_ballot(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    serial: int,
    choices: Sequence[int],
) -> bool:
    """Key a paper ballot; return True when it was the second keying and the ballot lies in the urn.

    Raises NotFound, NotEntering, OnlyTicks, NoSuchNumber, TooManyTicks, SerialEntered, SameKeyer,
    KeyingsDiffer or NoRightLeft.
    """
    round = _hold(session, now=now, actor=actor, round_id=round_id)
    chosen = _read(session, round, choices)
    said = ",".join(map(str, chosen))
    digest = keyed_hash(keys.card_key(), "emergency ballot", round_id, str(serial), said)
    first = EmergencyBallot(round_id=round_id, serial=serial, digest=digest, first_by=actor.id)
    try:
        with session.begin_nested():
            session.add(first)
    except IntegrityError:
        _second(session, actor, round_id, serial, digest)
    else:
        return False
    if standing(session, round_id).entered > _marked(session, round_id):
        raise NoRightLeft(marked=_marked(session, round_id))
    slot = slot_of(secrets.token_bytes(_NONCE))
    paper = load_paper(session, round_id)
    drop_into_urn(session, paper=paper, slot=slot, ballot=Ballot("paper", chosen))
    return True


def _second(session: Session, actor: Actor, round_id: str, serial: int, digest: bytes) -> None:
    mine = (EmergencyBallot.round_id == round_id, EmergencyBallot.serial == serial)
    confirmed = session.scalars(
        update(EmergencyBallot)
        .where(
            *mine,
            EmergencyBallot.second_by.is_(None),
            EmergencyBallot.first_by != actor.id,
            EmergencyBallot.digest == digest,
        )
        # What was keyed is guessed from its hash in no time: it goes as soon as both agree.
        .values(second_by=actor.id, digest=b"")
        .returning(EmergencyBallot.serial)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if confirmed is not None:
        return
    found = session.scalars(
        select(EmergencyBallot).where(*mine).execution_options(populate_existing=True)
    ).one()
    if found.second_by is not None:
        raise SerialEntered(serial=serial)
    raise SameKeyer(serial=serial) if found.first_by == actor.id else KeyingsDiffer(serial=serial)


def forget_keyings(session: Session) -> None:
    """Delete first keyings that nobody can confirm any more: their urn is open."""
    opened = select(UrnOpening.round_id).where(UrnOpening.second_officer.is_not(None))
    late = (EmergencyBallot.second_by.is_(None), EmergencyBallot.round_id.in_(opened))
    session.execute(
        delete(EmergencyBallot).where(*late), execution_options={"synchronize_session": False}
    )


def give_up_keying(
    session: Session, *, now: datetime, actor: Actor, round_id: str, serial: int
) -> None:
    """Give up a first keying: the ballot is keyed anew. Raise NotFound, NotEntering or NothingKeyed."""
    round = _hold(session, now=now, actor=actor, round_id=round_id)
    gone = session.scalars(
        delete(EmergencyBallot)
        .where(
            EmergencyBallot.round_id == round_id,
            EmergencyBallot.serial == serial,
            EmergencyBallot.second_by.is_(None),
        )
        .returning(EmergencyBallot.serial)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if gone is None:
        raise NothingKeyed(serial=serial)
    _note(session, now, actor, round, "emergency.give_up", serial=serial)


def is_entering(session: Session, round: Round, *, now: datetime) -> bool:
    """Tell whether paper may be entered: from the opening of the vote to the opening of the urn."""
    opening = find_opening(session, round.id)
    is_opened = opening is not None and opening.second_officer is not None
    is_counted = find_tally(session, round.id) is not None
    return round.phase_at(now) in _OPEN and not is_opened and not is_counted


def _hold(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    round = hold_round(session, round_id)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if not is_entering(session, round, now=now):
        raise NotEntering
    return round


def _read(session: Session, round: Round, choices: Sequence[int]) -> tuple[int, ...]:
    """Return the ticks in the order of the list; a blank ballot is a ballot."""
    if round.ballot_kind not in {BallotKind.APPROVAL, BallotKind.CHOOSE_1}:
        raise OnlyTicks
    known = load_paper(session, round.id).by_number
    chosen = tuple(sorted(set(choices)))
    for number in chosen:
        if number not in known:
            raise NoSuchNumber(number=number)
    if len(chosen) > round.max_choices:
        raise TooManyTicks(ticked=len(chosen), most=round.max_choices)
    return chosen


def _note(
    session: Session, now: datetime, actor: Actor, round: Round, act: str, **facts: int
) -> None:
    record(
        session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path, **facts
    )
