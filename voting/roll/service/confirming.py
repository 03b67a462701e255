"""The other officer decides a change of a frozen roll: only now the roll changes, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import lock_field
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.roll.models import Elector, Participation, RollChange
from voting.roll.rules.hashing import RollLines
from voting.roll.service.asking import RightUsed, dump_values, get_change, note_change, values_of
from voting.roll.service.correcting import AlreadyStruck, NotStruck, get_elector
from voting.roll.service.entering import AlreadyListed
from voting.roll.service.inserting import ELECTOR, insert_new
from voting.roll.service.living import hold_living, lines_of_roll
from voting.roll.service.secrecy import RollKey, open_room, roll_key
from voting.rounds.models import Round

_TICK = timedelta(microseconds=1)
PLACE_PURPOSE = "roll place before"


class SameOfficer(Refusal):
    """Who asked does not confirm."""

    msgid = "这项更改是您提出的，要请另一位工作人员确认。"


class ChangeDecided(Refusal):
    """Somebody decided it before."""

    msgid = "这项更改已经有人办过了。请刷新这一页看结果。"


@dataclass(frozen=True)
class Confirmed:
    """What became of several changes: how many were made, and those that could not be, with the reason."""

    done: int
    refused: Sequence[tuple[RollChange, Refusal]]


@dataclass
class _Confirming:
    now: datetime
    actor: Actor
    pepper: RollKey
    round: Round
    lines: RollLines


def confirm_change(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str, change_id: str
) -> RollChange:
    """Make a change that another officer asked for.

    Raise NotFound, RollClosed, SameOfficer, ChangeDecided, and where the roll no longer fits AlreadyListed,
    AlreadyStruck, NotStruck or RightUsed.
    """
    acting = _acting(session, now, actor, keys, round_id)
    change = get_change(session, round_id, change_id)
    _make(session, acting, change)
    note_change(session, now, actor, "roll.confirm_change", acting.round, change)
    return change


def confirm_changes(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    change_ids: Sequence[str],
) -> Confirmed:
    """Make several changes, each or not at all; raise NotFound or RollClosed."""
    acting = _acting(session, now, actor, keys, round_id)
    done, refused = [], []
    for change_id in change_ids:
        change = get_change(session, round_id, change_id)
        try:
            with session.begin_nested():
                _make(session, acting, change)
        except Refusal as refusal:
            session.refresh(change)
            refused.append((change, refusal))
        else:
            done.append(change)
    # Last of all: who writes into the journal waits for nobody's row any more.
    for change in done:
        note_change(session, now, actor, "roll.confirm_change", acting.round, change)
    return Confirmed(len(done), refused)


def refuse_change(
    session: Session, *, now: datetime, actor: Actor, round_id: str, change_id: str
) -> RollChange:
    """Leave the roll as it is; raise NotFound, RollClosed, SameOfficer or ChangeDecided."""
    round = hold_living(session, round_id, actor, now)
    change = get_change(session, round_id, change_id)
    _decide(session, change, actor, {"state": "refused", "second_at": _moment(session, round, now)})
    note_change(session, now, actor, "roll.refuse_change", round, change)
    return change


def _acting(
    session: Session, now: datetime, actor: Actor, keys: Keyring, round_id: str
) -> _Confirming:
    round = hold_living(session, round_id, actor, now)
    lines = lines_of_roll(session, round.id)
    return _Confirming(now, actor, roll_key(keys, round), round, lines)


def _make(session: Session, acting: _Confirming, change: RollChange) -> None:
    values = values_of(acting.pepper, change)
    elector = session.get(Elector, (change.round_id, change.elector_id), populate_existing=True)
    after = _after(acting.lines, change, elector.id_key if elector else values.get("id_key"))
    moment = _moment(session, acting.round, acting.now)
    outcome: dict[str, object] = {
        "state": "done",
        "second_at": moment,
        "count": len(after),
        "digest": after.digest,
        "place_before": _place_before(acting.pepper, elector, values),
    }
    # First the row: without it the triggers refuse what comes now.
    _decide(session, change, acting.actor, outcome)
    _APPLY[change.act](session, change, values, moment)
    if elector is not None:
        session.refresh(elector)
    acting.lines = after


def _after(lines: RollLines, change: RollChange, key: object) -> RollLines:
    if change.act == "correct":
        return lines
    assert key is None or isinstance(key, bytes)  # noqa: S101 -- sealed as bytes
    turned = lines.without if change.act == "strike" else lines.adding
    return turned(change.elector_id, key)


def _moment(session: Session, round: Round, now: datetime) -> datetime:
    # The ledger sorts by it, and each leaf has the count of the one before plus or minus one.
    last = session.scalar(
        select(RollChange.second_at)
        .where(RollChange.round_id == round.id, RollChange.second_at.is_not(None))
        .order_by(RollChange.second_at.desc())
        .limit(1)
    )
    return now if last is None or last < now else last + _TICK


def _decide(session: Session, change: RollChange, actor: Actor, outcome: dict[str, object]) -> None:
    decided = session.scalars(
        update(RollChange)
        .where(
            RollChange.id == change.id,
            RollChange.state == "waiting",
            RollChange.first_by != actor.id,
        )
        .values(second_by=actor.id, sealed=None, **outcome)
        .returning(RollChange.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(change)
    if decided is None:
        raise ChangeDecided if change.state != "waiting" else SameOfficer


def _place_before(
    pepper: RollKey, elector: Elector | None, values: dict[str, object]
) -> bytes | None:
    if elector is None or "building" not in values:
        return None
    place = {"building": elector.building, "room": open_room(pepper, elector.room_sealed)}
    return lock_field(pepper, PLACE_PURPOSE, dump_values(place))


def _add(session: Session, change: RollChange, values: dict[str, object], moment: datetime) -> None:
    unique = ELECTOR.c.id_key if "id_key" in values else ELECTOR.c.person_key
    row = values | {
        "round_id": change.round_id,
        "elector_id": change.elector_id,
        "added_at": moment,
    }
    if session.scalars(insert_new(session, unique), [row]).one_or_none() is None:
        raise AlreadyListed


def _strike(
    session: Session, change: RollChange, values: dict[str, object], moment: datetime
) -> None:
    del values
    hold_right(session, change)
    struck = session.scalars(
        update(Elector)
        .where(
            Elector.round_id == change.round_id,
            Elector.elector_id == change.elector_id,
            Elector.struck_at.is_(None),
            _unused(change),
        )
        .values(struck_at=moment, struck_reason=change.reason)
        .returning(Elector.elector_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if struck is None:
        elector = get_elector(session, change.round_id, change.elector_id)
        session.refresh(elector)
        raise AlreadyStruck if elector.struck_at is not None else RightUsed


def _unused(change: RollChange) -> ColumnElement[bool]:
    return ~exists().where(
        Participation.round_id == change.round_id,
        Participation.elector_id == change.elector_id,
    )


def hold_right(session: Session, change: RollChange) -> None:
    """Hold a person's row against every mark: a mark refers to it, and the second sees the first."""
    held = select(Elector.elector_id).where(
        Elector.round_id == change.round_id, Elector.elector_id == change.elector_id
    )
    session.execute(held.with_for_update())


def _restore(
    session: Session, change: RollChange, values: dict[str, object], moment: datetime
) -> None:
    del moment
    if not _set(session, change, {**values, "struck_at": None, "struck_reason": None}, struck=True):
        raise NotStruck


def _correct(
    session: Session, change: RollChange, values: dict[str, object], moment: datetime
) -> None:
    del moment
    if not _set(session, change, values, struck=False):
        raise AlreadyStruck


def _set(session: Session, change: RollChange, values: dict[str, object], *, struck: bool) -> bool:
    still = Elector.struck_at.is_not(None) if struck else Elector.struck_at.is_(None)
    changed = session.scalars(
        update(Elector)
        .where(Elector.round_id == change.round_id, Elector.elector_id == change.elector_id, still)
        .values(**values)
        .returning(Elector.elector_id)
        .execution_options(synchronize_session=False)
    )
    return changed.one_or_none() is not None


_APPLY = {"add": _add, "strike": _strike, "restore": _restore, "correct": _correct}
