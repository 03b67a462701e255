"""A register that was signed on paper is entered afterwards: whose line was signed gets the mark.

Whose right was used already becomes a conflict that somebody must answer; the mark that is there stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.clock import local_day
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.paper.models import LateConflict, Reconciliation
from voting.paper.service.handing import MediumNotOffered, count_handed
from voting.paper.service.noting import note_round
from voting.persistence.paging import one_page
from voting.roll.models import Channel, Elector, Participation
from voting.roll.service import RightAlreadyUsed, mark_participation, register
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round

MEDIA = {"card": Channel.CARD_HANDED, "paper": Channel.PAPER_HANDED}
_OPEN = frozenset({Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.COUNTING})


class NotEntering(Refusal):
    """Before the announcement there is nothing to enter, and a signed sheet takes nothing any more."""

    msgid = "现在不能补录：要在投票公告发布以后、清票签字以前补录。"


class ConflictAnswered(Refusal):
    """Somebody has answered it before."""

    msgid = "这一条已经有人写过处理结果。请刷新后再看。"


@dataclass(frozen=True)
class Entered:
    """What became of lines: how many were marked, which had used their right, which do not exist."""

    marked: int
    used: Sequence[int]
    unknown: Sequence[int]


@dataclass(frozen=True, repr=False)
class ConflictLine:
    """A conflict as a worker reads it, the person masked."""

    conflict: LateConflict
    building: str
    name: str


def enter_late(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    numbers: Sequence[int],
    medium: str,
    holder_id: str | None = None,
) -> Entered:
    """Mark the people of these lines of the printed register: they got a card, or a paper of ``holder_id``.

    All or nothing; who was struck keeps a line and gets nothing. Raises NotFound, NotEntering,
    MediumNotOffered or NoPaperLeft.
    """
    round = _hold(session, now=now, actor=actor, round_id=round_id, medium=medium)
    people = register(session, keys=keys, round_id=round_id)
    marked, used, unknown = 0, [], []
    for number in numbers:
        if number > len(people) or people[number - 1].is_struck:
            unknown.append(number)
            continue
        elector_id = people[number - 1].elector_id
        try:
            mark_participation(
                session, round_id=round_id, elector_id=elector_id, channel=MEDIA[medium],
                day=local_day(now),
            )  # fmt: skip
        except RightAlreadyUsed:
            used.append(number)
            if _add_conflict(session, now, actor, round_id, elector_id, medium):
                count_handed(session, round_id, holder_id or "")
        else:
            marked += 1
            if medium == "paper":
                count_handed(session, round_id, holder_id or "")
    facts = {"medium": medium, "marked": marked, "conflicts": len(used)}
    note_round(session, actor, "paper.late", now=now, round=round, **facts)
    return Entered(marked, used, unknown)


def _add_conflict(
    session: Session, now: datetime, actor: Actor, round_id: str, elector_id: str, medium: str
) -> bool:
    """Write a conflict down, once for each person and medium: typed twice is not signed twice.

    Tell whether a paper went out besides the right that was used by another channel.
    """
    mark = session.get_one(Participation, (round_id, elector_id))
    known = select(LateConflict.id).where(
        LateConflict.round_id == round_id, LateConflict.elector_id == elector_id,
        LateConflict.medium == medium,
    )  # fmt: skip
    if session.scalars(known.limit(1)).first() is not None:
        return False
    session.add(
        LateConflict(
            round_id=round_id, elector_id=elector_id, medium=medium, used_by=mark.channel,
            day=local_day(now), entered_by=actor.id,
        )
    )  # fmt: skip
    session.flush()
    return medium == "paper" and mark.channel != Channel.PAPER_HANDED


def conflicts_of(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[ConflictLine], int, int]:
    """Return one page of a round's conflicts, unanswered first, the number of pages, how many wait."""
    mine = LateConflict.round_id == round_id
    waiting = session.scalar(select(func.count()).where(mine, LateConflict.answer.is_(None))) or 0
    query = (
        select(LateConflict, Elector.building, Elector.name_masked)
        .join(
            Elector,
            (Elector.round_id == LateConflict.round_id)
            & (Elector.elector_id == LateConflict.elector_id),
        )
        .where(mine)
        .order_by(LateConflict.answer.is_not(None), LateConflict.day, LateConflict.id)
    )
    rows, pages, *_ = one_page(session, query, page)
    return [ConflictLine(*row) for row in rows], pages, waiting


def get_conflict(session: Session, round_id: str, conflict_id: str) -> ConflictLine:
    """Return a conflict of a round; raise NotFound."""
    found = session.get(LateConflict, conflict_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    person = session.get_one(Elector, (round_id, found.elector_id))
    return ConflictLine(found, person.building, person.name_masked)


def answer_conflict(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    conflict_id: str,
    answer: str,
) -> None:
    """Write down what a conflict turned out to be; raise NotFound, NotEntering or ConflictAnswered."""
    round = _hold(session, now=now, actor=actor, round_id=round_id)
    mine = (LateConflict.id == conflict_id, LateConflict.round_id == round_id)
    answered = session.scalars(
        update(LateConflict)
        .where(*mine, LateConflict.answer.is_(None))
        .values(answer=answer, answered_by=actor.id)
        .returning(LateConflict.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if answered is None:
        if session.scalars(select(LateConflict.id).where(*mine)).one_or_none() is None:
            raise NotFound
        raise ConflictAnswered
    note_round(session, actor, "paper.answer", now=now, round=round)


def is_entering(session: Session, round: Round, *, now: datetime) -> bool:
    """Tell whether a signed register may still be entered: until the sheet is signed."""
    sheet = session.get(Reconciliation, round.id)
    signed = sheet is not None and sheet.second_by is not None
    return round.phase_at(now) in _OPEN and not signed


def _hold(
    session: Session, *, now: datetime, actor: Actor, round_id: str, medium: str | None = None
) -> Round:
    get_round(session, round_id)
    # Shared, as casting holds it: nobody waits, and the sheet is not signed meanwhile.
    shared = {"read": True, "of": Round}
    round = session.get_one(Round, round_id, with_for_update=shared, populate_existing=True)
    if not round.area.path.startswith(actor.area_path):
        raise NotFound
    if not is_entering(session, round, now=now):
        raise NotEntering
    if medium and not round.offers(medium):
        raise MediumNotOffered
    return round
