"""Recovery sets: what is printed into two sealed envelopes, and how a new machine gets it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import NAMES, Keyring
from voting.adapters.keyring import OtherKey as OtherSecret
from voting.custody.models import UrnKey
from voting.custody.rules import (
    SECRETS,
    SETS,
    OtherRoundSet,
    RecoverySet,
    read_set,
    recovery_set,
)
from voting.custody.rules.sheets import round_tag
from voting.custody.service.ceremony import KeyNotMade
from voting.custody.service.finding import find_key, held_round, note
from voting.custody.service.proving import kept_secrets, place_of
from voting.errors import Refusal
from voting.journal.rules import Actor
from voting.rounds.models import Round
from voting.rounds.rules import SealWay


class SecretsMissing(Refusal):
    """A set would be worth nothing without one of its secrets."""

    msgid = "服务器上缺%(names)s，印出来的恢复袋用不了。请管理员先检查密钥文件夹。"


class OtherSecretHere(Refusal):
    """A key lies there already, and it is another one."""

    msgid = "这台服务器上已经有另一把%(name)s（%(file)s），没有改动它。请先查明哪一把是对的。"


def make_sets(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    kept_at: str,
) -> list[RecoverySet]:
    """Return the two recovery sets of a round, to be printed, and note where they will be kept.

    Raises NotFound, KeyNotMade or SecretsMissing. Printed again, they are the same.
    """
    round = held_round(session, actor, round_id)
    key = find_key(session, round.id)
    if key is None or key.way != SealWay.SERVER or round.seal_way != key.way:
        raise KeyNotMade
    _make_missing(keys, round)
    secrets = kept_secrets(keys, round)
    missing = [SECRETS[name] for name, content in secrets.items() if content is None]
    if missing:
        raise SecretsMissing(names="、".join(missing))
    session.execute(
        update(UrnKey)
        .where(UrnKey.round_id == round.id)
        .values(kept_at=kept_at)
        .execution_options(synchronize_session=False)
    )
    note(session, actor, "custody.print", now, round, way=key.way)
    whole = {name: content for name, content in secrets.items() if content is not None}
    return [recovery_set(round.id, number, whole) for number in range(1, SETS + 1)]


def recover(*, keys: Keyring, round: Round, typed: str) -> Sequence[str]:
    """Write the secrets of a recovery set that this machine lacks, and return the names of the files.

    Nothing is overwritten. ``app.key`` alone is made by every start of the program, so on a new machine
    another one always lies there: it is renamed, not lost. Raises OtherRoundSet,
    OtherSecretHere, or what is wrong with the set.
    """
    found = read_set(typed)
    if found.round_tag != round_tag(round.id):
        raise OtherRoundSet
    here = kept_secrets(keys, round)
    for name, said in SECRETS.items():
        # Looked at before anything is written: half a recovery helps nobody.
        if name != "app" and here[name] not in {None, found.secrets[name]}:
            raise OtherSecretHere(name=said, file=NAMES[name].format(round=place_of(name, round)))
    if here["app"] not in {None, found.secrets["app"]}:
        keys.set_aside("app", round.id)
    written = (_restore(keys, name, round, found) for name in SECRETS)
    return [file for file in written if file]


def _restore(keys: Keyring, name: str, round: Round, found: RecoverySet) -> str | None:
    try:
        return keys.restore(name, place_of(name, round), found.secrets[name])
    except OtherSecret as other:
        raise OtherSecretHere(name=SECRETS[name], file=str(other)) from other


def _make_missing(keys: Keyring, round: Round) -> None:
    """Make what is made on first use anyway: a round without a roll has no pepper yet."""
    keys.pepper(round.roll_key_id)
    keys.make_ledger_key(round.id)
    for make in (keys.app_key, keys.card_key, keys.person_key):
        make()
