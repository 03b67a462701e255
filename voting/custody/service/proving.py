"""Two sheets, or a recovery set, are read back: only then is it known that the urn can be opened again."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import CannotOpen, forget_private_keys, public_of, unseal
from voting.custody.models import UrnKey
from voting.custody.rules import (
    SECRETS,
    KeySheet,
    SheetsDisagree,
    check_set,
    check_sheet,
    join,
    read_set,
    read_sheet,
)
from voting.custody.service.ceremony import KeyNotMade, probe_info
from voting.custody.service.finding import find_key, held_round, note
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.rounds.models import Round
from voting.rounds.rules import SealWay

FIELDS = ("first", "second")


class ProbeClosed(Refusal):
    """The key fits its public half, and does not open what was sealed for it."""

    msgid = "钥匙纸拼出的钥匙打不开试封的票。请不要用这一套，公告以前重新生成钥匙。"


class OtherKey(Refusal):
    """The frozen rules name another key."""

    msgid = "这两张钥匙纸拼出的钥匙不是本轮公告时封存的那一把，不能开箱。请保留现场，联系管理员。"


def join_sheets(
    session: Session, *, round: Round, typed: tuple[str, str], of_this_set: bool = False
) -> bytes:
    """Return the private key that two sheets of the set in use restore; it is kept nowhere.

    Until a new set has opened the test ballot, the one before it is all that is known to work, and opens
    too; ``of_this_set`` takes no sheet of it.

    Raises KeyNotMade, OtherKey, or what is wrong with a sheet: the refusal's field says with which
    (``first``, ``second``).
    """
    key = find_key(session, round.id)
    if key is None or key.way != SealWay.MONITORS:
        raise KeyNotMade
    least = key.set_no if key.proven_at or of_this_set else max(key.set_no - 1, 1)
    sheets = [_read(text, key, field, least) for text, field in zip(typed, FIELDS, strict=True)]
    try:
        private = join(*sheets)
    except Refusal as refused:
        refused.field = FIELDS[1]
        raise
    if public_of(private) != key.public_key:
        raise SheetsDisagree(field=FIELDS[1])
    if round.seal_public is not None and round.seal_public != key.public_key:
        raise OtherKey
    return private


def prove_sheets(
    session: Session, *, now: datetime, actor: Actor, round_id: str, typed: tuple[str, str]
) -> UrnKey:
    """Note that two sheets have opened the test ballot; raise what ``join_sheets`` raises, or ProbeClosed."""
    round = held_round(session, actor, round_id)
    private = join_sheets(session, round=round, typed=typed, of_this_set=True)
    key = find_key(session, round.id)
    assert key is not None  # noqa: S101 -- join_sheets has asked
    try:
        text = unseal(private, key.probe_sealed, probe_info(round.id))
    except CannotOpen as closed:
        raise ProbeClosed from closed
    finally:
        forget_private_keys()
    if hashlib.sha256(text).digest() != key.probe_digest:
        raise ProbeClosed
    numbers = "、".join(str(read_sheet(one).number) for one in typed)
    return _note_proof(session, now, actor, round, key, numbers)


def read_back(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str, typed: str
) -> UrnKey:
    """Note that a recovery set was read and holds what the server uses.

    Raises NotFound, KeyNotMade, NotASet, OtherRoundSet, SetDiffers, or what is wrong with a line; the field
    is ``first``.
    """
    round = held_round(session, actor, round_id)
    key = find_key(session, round.id)
    if key is None or key.way != SealWay.SERVER or round.seal_way != key.way:
        raise KeyNotMade
    try:
        found = read_set(typed)
        check_set(found, round_id=round.id, kept=kept_secrets(keys, round))
    except Refusal as refused:
        refused.field = FIELDS[0]
        raise
    return _note_proof(session, now, actor, round, key, str(found.number))


def kept_secrets(keys: Keyring, round: Round) -> Mapping[str, bytes | None]:
    """Return the secrets a round cannot do without, as this server has them."""
    return {name: keys.kept(name, place_of(name, round)) for name in SECRETS}


def place_of(name: str, round: Round) -> str:
    """Return the round under which a secret lies: a vote held again uses the pepper of the first one."""
    return round.roll_key_id if name == "pepper" else round.id


def _read(text: str, key: UrnKey, field: str, least: int) -> KeySheet:
    try:
        sheet = read_sheet(text)
        check_sheet(sheet, round_id=key.round_id, public=key.public_key, set_no=least)
    except Refusal as refused:
        refused.field = field
        raise
    return sheet


def _note_proof(
    session: Session, now: datetime, actor: Actor, round: Round, key: UrnKey, with_what: str
) -> UrnKey:
    session.execute(
        update(UrnKey)
        .where(UrnKey.round_id == round.id, UrnKey.set_no == key.set_no)
        .values(proven_at=now, proven_by=actor.id, proven_with=with_what)
        .execution_options(synchronize_session=False)
    )
    note(session, actor, "custody.prove", now, round, way=key.way, set=key.set_no, sheets=with_what)
    session.refresh(key)
    return key
