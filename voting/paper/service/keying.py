"""Two officers key each paper, the second blind: the keys of the table say who is first and who second."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.ballots.rules import BallotPaper
from voting.ballots.service import load_paper
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.paper.models import PaperBallot, PaperBatch, PaperKeying, PaperState
from voting.paper.rules.keying import Keyed, read_keyed, settles
from voting.paper.rules.serials import grouped, read_serial
from voting.paper.service.admitting import admit
from voting.paper.service.entering import (
    SettledMeanwhile,
    enter_paper,
    open_keying,
    sealed_keying,
)
from voting.persistence.changing import changes_one

FIRST, SECOND = 1, 2
_PAPER = cast("Table", PaperBallot.__table__)
_BATCH = cast("Table", PaperBatch.__table__)
_KEYING = cast("Table", PaperKeying.__table__)


class SerialUnreadable(Refusal):
    """What was typed is no number of a paper."""

    msgid = "票号不对：要 9 位数字，最后一位是校验位。请重新扫，或照票上的再输一次。"
    status = 422
    field = "serial"


class NoSuchPaper(Refusal):
    """The number is well made, and no paper of this round bears it."""

    msgid = (
        "本轮没有票号是 %(serial)s 的票。请再核对一次；确实是这个票号的，不要录，登记为“外来票”。"
    )
    status = 422
    field = "serial"


class PaperOfVoidBatch(Refusal):
    """Its batch was declared void."""

    msgid = "%(serial)s 号票所在的一批已经作废，不能录。请登记为“外来票”，写明票号。"
    status = 422
    field = "serial"


class PaperSpoiled(Refusal):
    """It was taken out of use, and yet it lay in a box."""

    msgid = (
        "%(serial)s 号票登记过作废（换掉的、印坏的或者损坏的），却从票箱里出来了，不能录。"
        "请单独放好、请监票人看过，登记为“外来票”，写明票号。"
    )
    status = 422
    field = "serial"


class PaperSettled(Refusal):
    """Two have keyed it, and it is settled."""

    msgid = "%(serial)s 号票两遍都录完了，不用再录。真的录错了的，到“更正”里提出。"
    status = 422
    field = "serial"


class PaperDisputed(Refusal):
    """Two have keyed it and differ or doubt."""

    msgid = "%(serial)s 号票两遍都录过了，在等裁定，不用再录。请放进“待裁定”袋。"
    status = 422
    field = "serial"


class KeyedByYou(Refusal):
    """The second must be somebody else."""

    msgid = "%(serial)s 号票的第一遍是您录的，已经存好了。第二遍要请另一位工作人员录。"
    status = 422
    field = "serial"


class BlankUnconfirmed(Refusal):
    """Nothing was typed: perhaps a blank paper, perhaps a slip."""

    msgid = "还没有输编号。真的是空白票，再按一次回车；不是的，请输勾选的编号。"
    status = 422
    field = "ticks"


class After(StrEnum):
    """What becomes of a paper by a keying."""

    FIRST = "first"
    ENTERED = "entered"
    INVALID = "invalid"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class OnTable:
    """A paper out of a box, as it lies on the table: not settled, in this generation."""

    round_id: str
    serial: str
    generation: int


@dataclass(frozen=True)
class KeyedPaper:
    """What a keying came to: the paper's number, what became of it, and why it counts for nothing."""

    serial: str
    after: After
    reason: str | None = None


def key_paper(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    serial: str,
    ticks: str,
    blank: bool = False,
) -> KeyedPaper:
    """Key a paper: ``serial`` and ``ticks`` as scanned or typed; ``blank`` says that nothing is meant.

    Whoever comes first is first. The second settles the paper if both say the same and neither doubts. Raises
    NotFound, NotKeying, OnlyTicks, PaperReconciled, what ``read_keyed`` raises, BlankUnconfirmed, or one of
    this module's refusals of a paper.
    """
    admit(session, now=now, actor=actor, round_id=round_id)
    number = read_serial(serial)
    if number is None:
        raise SerialUnreadable
    table = take_out_of_box(session, find_paper(session, round_id, number))
    paper = load_paper(session, round_id)
    keyed = read_keyed(ticks, sorted(paper.by_number))
    if keyed.is_blank and not blank:
        raise BlankUnconfirmed
    turn = _take_turn(session, keys, actor, paper, table, keyed)
    if turn == FIRST:
        return KeyedPaper(number, After.FIRST)
    return _compare(session, keys, paper, table, keyed)


def find_paper(session: Session, round_id: str, serial: str) -> OnTable:
    """Return a paper that may be keyed; raise NoSuchPaper, PaperOfVoidBatch, PaperSpoiled or PaperSettled."""
    found = session.execute(
        select(_PAPER.c.generation, _PAPER.c.state, _BATCH.c.state.label("batch"))
        .join(_BATCH, _BATCH.c.id == _PAPER.c.batch_id)
        .where(_PAPER.c.round_id == round_id, _PAPER.c.serial == serial)
    ).one_or_none()
    shown = grouped(serial)
    if found is None:
        raise NoSuchPaper(serial=shown)
    if found.batch == "void":
        raise PaperOfVoidBatch(serial=shown)
    if found.state == PaperState.SPOILED:
        raise PaperSpoiled(serial=shown)
    if found.state in {PaperState.ENTERED, PaperState.INVALID}:
        raise PaperSettled(serial=shown)
    return OnTable(round_id, serial, found.generation)


def take_out_of_box(session: Session, paper: OnTable) -> OnTable:
    """Note that a paper came out of a box, and let nobody else settle it until the end of this act.

    Raises PaperSettled or SettledMeanwhile.
    """
    out = (
        update(_PAPER)
        .where(
            _PAPER.c.round_id == paper.round_id,
            _PAPER.c.serial == paper.serial,
            _PAPER.c.generation == paper.generation,
            _PAPER.c.state.in_([PaperState.PRINTED.value, PaperState.RETURNED.value]),
        )
        .values(state=PaperState.RETURNED.value)
    )
    if not changes_one(session, out):
        find_paper(session, paper.round_id, paper.serial)
        raise SettledMeanwhile
    return paper


def _take_turn(
    session: Session, keys: Keyring, actor: Actor, paper: BallotPaper, table: OnTable, keyed: Keyed
) -> int:
    """Store a keying as the first or, where somebody else was first, as the second."""
    for turn in (FIRST, SECOND):
        sealed = sealed_keying(
            keys, keyed, paper=paper, serial=table.serial, generation=table.generation, turn=turn
        )
        facts = {
            "round_id": table.round_id, "serial": table.serial, "generation": table.generation,
            "turn": turn, "by": actor.id, "sealed": sealed,
        }  # fmt: skip
        # The keys of the table decide which turn this is, not a look beforehand.
        try:
            with session.begin_nested():
                session.execute(insert(_KEYING), facts)
        except IntegrityError:
            continue
        return turn
    raise _why_no_turn(session, actor, table)


def _why_no_turn(session: Session, actor: Actor, table: OnTable) -> Refusal:
    keyers = [one.by for one in keyings_of(session, table)]
    shown = grouped(table.serial)
    if len(keyers) < SECOND and actor.id in keyers:
        return KeyedByYou(serial=shown)
    return PaperDisputed(serial=shown)


def keyings_of(session: Session, table: OnTable) -> list[PaperKeying]:
    """Return who keyed a paper as it lies on the table, first and second."""
    mine = select(PaperKeying).where(
        PaperKeying.round_id == table.round_id,
        PaperKeying.serial == table.serial,
        PaperKeying.generation == table.generation,
    )
    ordered = mine.order_by(PaperKeying.turn).execution_options(populate_existing=True)
    return list(session.scalars(ordered))


def _compare(
    session: Session, keys: Keyring, paper: BallotPaper, table: OnTable, second: Keyed
) -> KeyedPaper:
    first = open_keying(keys, keyings_of(session, table)[0], paper)
    if not settles(first, second):
        return KeyedPaper(table.serial, After.DISPUTED)
    reason = enter_paper(
        session, paper=paper, serial=table.serial, generation=table.generation, ticks=second.ticks
    )
    return KeyedPaper(table.serial, After.INVALID if reason else After.ENTERED, reason)
