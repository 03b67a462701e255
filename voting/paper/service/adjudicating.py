"""Papers on which two keyers differ or doubt: a third officer and a monitor decide with the paper in hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.ballots.rules import BallotPaper
from voting.ballots.service import load_paper
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperDecision, PaperKeying, PaperState
from voting.paper.rules.keying import Keyed, agreed_marks, open_marks, read_keyed
from voting.paper.rules.serials import grouped
from voting.paper.service.admitting import admit
from voting.paper.service.entering import SettledMeanwhile, enter_paper, open_keying
from voting.paper.service.keying import SECOND, OnTable, find_paper, keyings_of
from voting.paper.service.noting import note_round
from voting.persistence.paging import one_page
from voting.rounds.service import require_monitor

VOID_REASONS = ("torn", "marks", "foreign")
_DECISION = cast("Table", PaperDecision.__table__)


class KeyerAdjudicates(Refusal):
    """A keyer would judge their own keying."""

    msgid = "%(serial)s 号票是您录过的，不能由您裁定。请没有录过这张票的工作人员来办。"


class NothingDisputed(Refusal):
    """The paper does not wait for a decision."""

    msgid = "%(serial)s 号票不在等裁定：还没有录满两遍，或者已经处理完了。"


class MarkUndecided(Refusal):
    """One mark was left open."""

    msgid = "%(number)s 号还没有定：请选“计入”或者“不计”。"
    status = 422
    field = "paper"


class PlainNumbersOnly(Refusal):
    """A decision leaves no doubt."""

    msgid = "这里只填编号，不能再加 ? 或者 *。"
    status = 422
    field = "also"


@dataclass(frozen=True)
class Disputed:
    """A paper that waits for a decision, in a list."""

    serial: str
    batch: int
    bundle: int


@dataclass(frozen=True, repr=False)
class Case:
    """A paper that waits for a decision, with what both keyed."""

    table: OnTable
    first: Keyed
    second: Keyed
    paper: BallotPaper

    @property
    def marks(self) -> tuple[int, ...]:
        """The numbers to be decided."""
        return open_marks(self.first, self.second)

    @property
    def agreed(self) -> tuple[int, ...]:
        """The numbers both ticked without doubt."""
        return agreed_marks(self.first, self.second)


@dataclass(frozen=True, repr=False)
class Verdict:
    """What was decided: each open mark, numbers nobody keyed, or why all is void; and the reason."""

    marks: Mapping[int, bool]
    reason: str
    also: str = ""
    void: str | None = None


def disputed_papers(
    session: Session, round_id: str, *, page: int = 1
) -> tuple[Sequence[Disputed], int]:
    """Return one page of the papers that wait for a decision, by serial, and the number of pages."""
    waiting = (
        select(PaperBallot.serial, PaperBatch.number, PaperBallot.bundle)
        .join(PaperBatch, PaperBatch.id == PaperBallot.batch_id)
        .join(
            PaperKeying,
            (PaperKeying.round_id == PaperBallot.round_id)
            & (PaperKeying.serial == PaperBallot.serial)
            & (PaperKeying.generation == PaperBallot.generation),
        )
        .where(
            PaperBallot.round_id == round_id,
            PaperBallot.state == PaperState.RETURNED.value,
            PaperKeying.turn == SECOND,
        )
    )
    rows, pages, *_ = one_page(session, waiting.order_by(PaperBallot.serial), page)
    return [Disputed(row.serial, row.number, row.bundle) for row in rows], pages


def open_case(session: Session, *, actor: Actor, keys: Keyring, round_id: str, serial: str) -> Case:
    """Return a paper that waits for a decision.

    Raises NothingDisputed, KeyerAdjudicates or what ``find_paper`` raises.
    """
    table = find_paper(session, round_id, serial)
    keyings = keyings_of(session, table)
    if len(keyings) < SECOND:
        raise NothingDisputed(serial=grouped(serial))
    if actor.id in {one.by for one in keyings}:
        raise KeyerAdjudicates(serial=grouped(serial))
    paper = load_paper(session, round_id)
    first, second = (open_keying(keys, one, paper) for one in keyings)
    return Case(table, first, second, paper)


def adjudicate(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    serial: str,
    monitor_id: str,
    verdict: Verdict,
) -> str | None:
    """Decide a paper and return why it counts for nothing, or None if its ballot is in the urn.

    Raises what ``admit`` and ``open_case`` raise, MonitorUnfit, MarkUndecided, PlainNumbersOnly, what
    ``read_keyed`` raises, or SettledMeanwhile where somebody else has decided.
    """
    round = admit(session, now=now, actor=actor, round_id=round_id)
    case = open_case(session, actor=actor, keys=keys, round_id=round_id, serial=serial)
    monitor = require_monitor(session, round_id, monitor_id)
    ticks = frozenset() if verdict.void else _decided(case, verdict)
    reason = enter_paper(
        session, paper=case.paper, serial=serial, generation=case.table.generation, ticks=ticks,
        void=verdict.void,
    )  # fmt: skip
    outcome = "invalid" if reason else "counted"
    facts = {
        "round_id": round_id, "serial": serial, "generation": case.table.generation, "at": now,
        "by": actor.id, "monitor_id": monitor.id, "outcome": outcome, "reason": verdict.reason,
    }  # fmt: skip
    _store(session, facts)
    note_round(
        session, actor, "paper.adjudicate", now=now, round=round, paper_serial=grouped(serial),
        outcome=outcome,
    )  # fmt: skip
    return reason


def _store(session: Session, facts: dict[str, object]) -> None:
    # One decision a paper and generation: the primary key decides which of two came first.
    try:
        with session.begin_nested():
            session.execute(insert(_DECISION), facts)
    except IntegrityError as refused:
        raise SettledMeanwhile from refused


def _decided(case: Case, verdict: Verdict) -> frozenset[int]:
    """Return the ticks that are left: those of both, the marks that count, and numbers nobody keyed."""
    for number in case.marks:
        if number not in verdict.marks:
            raise MarkUndecided(number=number)
    also = read_keyed(verdict.also, sorted(case.paper.by_number))
    if also.is_doubtful:
        raise PlainNumbersOnly
    counting = {number for number in case.marks if verdict.marks[number]}
    return frozenset(case.agreed) | counting | also.ticks


def decisions_of(
    session: Session, round_id: str, *, page: int | None = 1
) -> tuple[Sequence[PaperDecision], int]:
    """Return one page of the decisions of a round, newest first, and the number of pages.

    Without a page all of them, oldest first, as the record prints them.
    """
    mine = select(PaperDecision).where(PaperDecision.round_id == round_id)
    if page is None:
        return session.scalars(mine.order_by(PaperDecision.at, PaperDecision.serial)).all(), 1
    ordered = mine.order_by(PaperDecision.at.desc(), PaperDecision.serial)
    rows, pages, *_ = one_page(session, ordered, page)
    return [row.PaperDecision for row in rows], pages
