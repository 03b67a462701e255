"""Papers drawn for the monitors: keyed a third time before the urn is opened, compared when it is."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import lock_field, unlock_field
from voting.audits.models import SampledPaper
from voting.audits.service.revealing import UrnOpened, is_opened
from voting.ballots.rules import decode
from voting.ballots.service import load_paper
from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.paper.models import PaperBallot, PaperKeying, PaperState
from voting.paper.rules.keying import read_keyed, read_written, written
from voting.paper.rules.serials import grouped, read_serial
from voting.paper.service.keying import BlankUnconfirmed, SerialUnreadable
from voting.persistence.changing import changes_one
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import get_round, require_monitor, settle, steady_round

MOST_PAPERS, USUAL_PAPERS = 300, 59
_SAMPLE = cast("Table", SampledPaper.__table__)
_PAPER = cast("Table", PaperBallot.__table__)


class NotSampling(Refusal):
    """Voting is still on, or the round is past its count."""

    msgid = "现在不能抽查纸质票：要等投票截止之后、开箱之前。"


class NoPaperEntered(Refusal):
    """No paper lies in the urn."""

    msgid = "还没有录进票箱的纸质票，没有可以抽的。请先录票。"


class AlreadySampled(Refusal):
    """A round has one sample."""

    msgid = "这一轮已经抽过纸质票，不能再抽一次。"


class NotSampled(Refusal):
    """The paper was not drawn."""

    msgid = "%(serial)s 号票不在抽查名单上。请核对票号。"
    status = 422
    field = "serial"


class SampleKeyed(Refusal):
    """Somebody has keyed it already."""

    msgid = "%(serial)s 号票已经录过第三遍，不用再录。"
    status = 422
    field = "serial"


class KeyerSamples(Refusal):
    """The third keying is by somebody who keyed it before."""

    msgid = "%(serial)s 号票您录过，第三遍要请没有录过这张票的工作人员录。"
    status = 422
    field = "serial"


class DoubtfulSample(Refusal):
    """A third keying with a doubt can be compared with nothing."""

    msgid = "抽查要录确定的编号，不能加 ? 或者 *。请和监票人一起看票，定下来再录。"
    status = 422
    field = "ticks"


def draw_papers(
    session: Session, *, now: datetime, actor: Actor, round_id: str, monitor_id: str, count: int
) -> int:
    """Draw ``count`` entered papers by chance, or all where there are fewer, and return how many.

    Raises NotFound, NotSampling, UrnOpened, MonitorUnfit, NoPaperEntered or AlreadySampled.
    """
    round = _require_sampling(session, now=now, actor=actor, round_id=round_id)
    monitor = require_monitor(session, round_id, monitor_id)
    entered = session.scalars(
        select(PaperBallot.serial).where(
            PaperBallot.round_id == round_id, PaperBallot.state == PaperState.ENTERED.value
        )
    ).all()
    if not entered:
        raise NoPaperEntered
    chosen = secrets.SystemRandom().sample(entered, min(count, len(entered)))
    rows = [
        {
            "round_id": round_id, "serial": serial, "place": place, "drawn_at": now,
            "drawn_by": actor.id, "monitor_id": monitor.id,
        }
        for place, serial in enumerate(chosen, 1)
    ]  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(insert(_SAMPLE), rows)
    except IntegrityError as refused:
        raise AlreadySampled from refused
    _note(session, now, actor, round, "audits.draw_papers", count=len(rows))
    return len(rows)


def key_sample(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    serial: str,
    ticks: str,
    blank: bool = False,
) -> None:
    """Key a drawn paper a third time; ``serial`` and ``ticks`` as they were scanned or typed.

    Raises NotFound, NotSampling, UrnOpened, SerialUnreadable, NotSampled, KeyerSamples, what ``read_keyed``
    raises, BlankUnconfirmed, DoubtfulSample or SampleKeyed.
    """
    _require_sampling(session, now=now, actor=actor, round_id=round_id)
    number = read_serial(serial)
    if number is None:
        raise SerialUnreadable
    if session.get(SampledPaper, (round_id, number)) is None:
        raise NotSampled(serial=grouped(number))
    if _has_keyed(session, actor, round_id, number):
        raise KeyerSamples(serial=grouped(number))
    numbers = sorted(load_paper(session, round_id).by_number)
    keyed = read_keyed(ticks, numbers)
    if keyed.is_blank and not blank:
        raise BlankUnconfirmed
    if keyed.is_doubtful:
        raise DoubtfulSample
    sealed = lock_field(keys.card_key(), _purpose(round_id, number), written(keyed, numbers))
    mine = (_SAMPLE.c.round_id == round_id) & (_SAMPLE.c.serial == number)
    keying = (
        update(_SAMPLE)
        .where(mine, _SAMPLE.c.keyed_by.is_(None))
        .values(keyed_by=actor.id, sealed=sealed)
    )
    if not changes_one(session, keying):
        raise SampleKeyed(serial=grouped(number))


def _has_keyed(session: Session, actor: Actor, round_id: str, serial: str) -> bool:
    keyers = select(PaperKeying.by).where(
        PaperKeying.round_id == round_id, PaperKeying.serial == serial
    )
    return actor.id in session.scalars(keyers).all()


def sampled_slots(session: Session, round_id: str) -> frozenset[bytes]:
    """Return where the ballots of the drawn papers lie that were keyed a third time."""
    return frozenset(_keyed_lines(session, round_id))


def compare_papers(
    session: Session, keys: Keyring, round_id: str, found: Mapping[bytes, bytes]
) -> None:
    """Write down for each drawn paper whether its ballot says what the third keying says.

    ``found`` are padded ballots by slot, as they came out of the urn.
    """
    lines = _keyed_lines(session, round_id)
    numbers = sorted(load_paper(session, round_id).by_number) if lines else []
    for slot, (serial, sealed) in lines.items():
        keyed = read_written(
            unlock_field(keys.card_key(), _purpose(round_id, serial), sealed), numbers
        )
        choices = _choices(found.get(slot))
        same = choices == tuple(sorted(keyed.ticks))
        mine = (_SAMPLE.c.round_id == round_id) & (_SAMPLE.c.serial == serial)
        session.execute(
            update(_SAMPLE)
            .where(mine)
            .values(same=same, found=None if same else json.dumps(choices), sealed=None)
        )


def _keyed_lines(session: Session, round_id: str) -> dict[bytes, tuple[str, bytes]]:
    lines = select(_PAPER.c.slot, _SAMPLE.c.serial, _SAMPLE.c.sealed).join(
        _PAPER,
        (_PAPER.c.round_id == _SAMPLE.c.round_id) & (_PAPER.c.serial == _SAMPLE.c.serial),
    )
    mine = lines.where(
        _SAMPLE.c.round_id == round_id, _SAMPLE.c.sealed.is_not(None), _PAPER.c.slot.is_not(None)
    )
    return {row.slot: (row.serial, row.sealed) for row in session.execute(mine)}


def _choices(padded: bytes | None) -> tuple[int, ...] | None:
    try:
        ballot = decode(padded) if padded is not None else None
    except ValueError:
        return None
    return ballot.choices if ballot is not None and ballot.channel == "paper" else None


def _purpose(round_id: str, serial: str) -> str:
    return f"paper sample {round_id} {serial}"


def _require_sampling(session: Session, *, now: datetime, actor: Actor, round_id: str) -> Round:
    settle(session, now=now, round_id=round_id)
    if not get_round(session, round_id).area.path.startswith(actor.area_path):
        raise NotFound
    # Whoever agrees to open the urn holds the round and waits for the acts under way.
    round = steady_round(session, round_id)
    if round.phase != Phase.COUNTING or round.kind == "loaded":
        raise NotSampling
    if is_opened(session, round_id):
        raise UrnOpened
    return round


def _note(
    session: Session, now: datetime, actor: Actor, round: Round, act: str, **details: object
) -> None:
    record(
        session,
        actor,
        act,
        now=now,
        kind="round",
        id=round.id,
        area_path=round.area.path,
        **details,
    )
