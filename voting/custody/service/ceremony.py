"""The key of an urn is made; where monitors hold it, its sheets are printed and the server forgets it."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import KeyMissing, Keyring
from voting.adapters.sealing import new_private_key, public_of, seal
from voting.custody.models import HeldSheet, UrnKey
from voting.custody.rules import MAKING, SHEETS, KeySheet, shares_of, sheets_of
from voting.custody.rules.sheets import KEY_LENGTH
from voting.custody.service.finding import find_key, held_round, note
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.rounds.models import Appointment, Round
from voting.rounds.rules import PHASE_NAMES, Phase, SealWay

PROBE = b"custody probe 1\x00"
"""What the test ballot is bound to, before the round's id."""


class CannotMakeNow(Refusal):
    """Before the list there is nothing to seal, after the announcement the key stands."""

    msgid = "轮次现在是“%(phase)s”，不能生成开箱钥匙：要在协商推选以后、投票公告以前生成。"


class MonitorsMissing(Refusal):
    """Three people hold three sheets."""

    msgid = "要有三名监票人，每人拿一张钥匙纸；现在有 %(number)d 名。请先在“监票和计票人”里委任。"


class KeyNotMade(Refusal):
    """There is no key to do this with."""

    msgid = "还没有生成开箱钥匙。请先在“钥匙”一页生成。"


class SheetsForgotten(Refusal):
    """The shares are gone: nobody prints these sheets again."""

    msgid = "服务器已经忘掉这把钥匙，钥匙纸不能再印。纸坏了，公告以前可以重新生成钥匙。"


class NotProvenYet(Refusal):
    """A new set takes the place of the old one only when it has been shown to open the urn."""

    msgid = "新的一套钥匙纸还没有试过。请先读入其中两张，试开成功以后服务器才能忘掉钥匙。"


def make_key(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str
) -> UrnKey:
    """Make the key of a round's urn, or make it anew before the announcement.

    The server's way keeps the key that exists. The monitors' way makes a fresh one each time: the sheets of
    an earlier one are worth nothing then. Raises NotFound, CannotMakeNow or MonitorsMissing.
    """
    round = held_round(session, actor, round_id)
    if round.frozen_at is not None or Phase(round.phase) not in MAKING:
        raise CannotMakeNow(phase=PHASE_NAMES[Phase(round.phase)])
    by_monitors = round.seal_way == SealWay.MONITORS
    monitors = three_monitors(session, round) if by_monitors else []
    private = new_private_key() if by_monitors else b""
    public = public_of(private) if by_monitors else keys.make_seal_key(round.id)
    key = _put(session, now, actor, round, public)
    if by_monitors:
        _drop_server_key(keys, round.id)
        give_out(session, key, monitors)
        keys.hold_shares(round.id, b"".join(shares_of(private)))
    note(
        session, actor, "custody.make", now, round, way=round.seal_way, public_key=public.hex(),
    )  # fmt: skip
    return key


def waiting_sheets(session: Session, *, keys: Keyring, round: Round) -> list[KeySheet]:
    """Return the sheets of the set in use, to be printed; raise KeyNotMade or SheetsForgotten."""
    key = find_key(session, round.id)
    if key is None or key.way != SealWay.MONITORS:
        raise KeyNotMade
    if key.forgotten_at is not None:
        raise SheetsForgotten
    try:
        held = keys.held_shares(round.id)
    except KeyMissing as gone:
        raise SheetsForgotten from gone
    parts = [held[at : at + KEY_LENGTH] for at in range(0, SHEETS * KEY_LENGTH, KEY_LENGTH)]
    first, second, third = parts
    return sheets_of(
        (first, second, third), round_id=round.id, public=key.public_key, set_no=key.set_no
    )


def forget_key(session: Session, *, now: datetime, actor: Actor, round_id: str) -> None:
    """Let the server forget the shares, once the sheets are printed; again without harm.

    After the announcement a new set must have opened the test ballot first: what is forgotten then cannot
    be made again. Raises NotFound, KeyNotMade or NotProvenYet. The file goes when the act is stored
    (``keys.forget_shares``), never before.
    """
    round = held_round(session, actor, round_id)
    key = find_key(session, round.id)
    if key is None or key.way != SealWay.MONITORS:
        raise KeyNotMade
    if round.frozen_at is not None and key.proven_at is None:
        raise NotProvenYet
    changed = session.execute(
        update(UrnKey)
        .where(UrnKey.round_id == round.id, UrnKey.forgotten_at.is_(None))
        .values(forgotten_at=now)
        .returning(UrnKey.round_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is not None:
        note(session, actor, "custody.forget", now, round, set=key.set_no)


def note_printing(session: Session, *, now: datetime, actor: Actor, round_id: str) -> None:
    """Write into the journal that sheets were printed; raise NotFound."""
    round = held_round(session, actor, round_id)
    note(session, actor, "custody.print", now, round, way=round.seal_way)


def forgotten_keys(session: Session) -> list[str]:
    """Return the rounds whose shares the server has promised to forget: their files must be gone."""
    return list(session.scalars(select(UrnKey.round_id).where(UrnKey.forgotten_at.is_not(None))))


def probe_info(round_id: str) -> bytes:
    """Return what the test ballot of a round is bound to."""
    return PROBE + round_id.encode("ascii")


def give_out(session: Session, key: UrnKey, monitors: list[Appointment]) -> None:
    """Note who holds which sheet of the set in use."""
    for number, person in enumerate(monitors, 1):
        session.add(
            HeldSheet(
                round_id=key.round_id, set_no=key.set_no, number=number, appointment_id=person.id,
                holder=person.name,
            )
        )  # fmt: skip
    session.flush()


def running_monitors(session: Session, round_id: str) -> list[Appointment]:
    """Return the monitors of a round in the order of their appointment."""
    ours = select(Appointment).where(
        Appointment.round_id == round_id,
        Appointment.duty == "monitor",
        Appointment.ended_at.is_(None),
    )
    return list(session.scalars(ours.order_by(Appointment.appointed_at, Appointment.id)))


def three_monitors(session: Session, round: Round) -> list[Appointment]:
    """Return the three who hold the sheets; raise MonitorsMissing."""
    found = running_monitors(session, round.id)
    if len(found) < SHEETS:
        raise MonitorsMissing(number=len(found))
    return found[:SHEETS]


def _put(session: Session, now: datetime, actor: Actor, round: Round, public: bytes) -> UrnKey:
    text = secrets.token_bytes(KEY_LENGTH)
    session.execute(delete(HeldSheet).where(HeldSheet.round_id == round.id))
    session.execute(delete(UrnKey).where(UrnKey.round_id == round.id))
    key = UrnKey(
        round_id=round.id, way=round.seal_way, set_no=1, public_key=public, made_at=now,
        made_by=actor.id, probe_sealed=seal(public, text, probe_info(round.id)),
        probe_digest=hashlib.sha256(text).digest(),
    )  # fmt: skip
    session.add(key)
    session.flush()
    return key


def _drop_server_key(keys: Keyring, round_id: str) -> None:
    # The plan said `server` before, and a key was made for it: no ballot was ever sealed with it.
    keys.forget_seal_key(round_id)
