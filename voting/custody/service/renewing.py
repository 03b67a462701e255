"""One sheet is lost: the other two make a new set of the same key, and the old set is worth nothing."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.custody.models import UrnKey
from voting.custody.rules import shares_of
from voting.custody.service.ceremony import KeyNotMade, give_out, three_monitors
from voting.custody.service.destroying import AlreadyDestroyed, is_destroyed
from voting.custody.service.finding import find_key, held_round, note
from voting.custody.service.proving import join_sheets
from voting.errors import Refusal
from voting.journal.rules import Actor


class NothingToRenew(Refusal):
    """Before the announcement a key is simply made anew."""

    msgid = "投票还没有公告，钥匙纸有问题请直接重新生成钥匙，不用换套。"


class RenewedAlready(Refusal):
    """Another officer was quicker."""

    msgid = "刚刚已经换了新的一套钥匙纸。请刷新再看。"


def renew_sheets(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    keys: Keyring,
    round_id: str,
    typed: tuple[str, str],
) -> UrnKey:
    """Make a new set from two sheets of the set in use; its shares wait on the server to be printed.

    Raises NotFound, NothingToRenew, MonitorsMissing, RenewedAlready, or what ``join_sheets`` raises. The
    ledger is told by the caller.
    """
    round = held_round(session, actor, round_id)
    key = find_key(session, round.id)
    if key is None:
        raise KeyNotMade
    if round.frozen_at is None:
        raise NothingToRenew
    if is_destroyed(session, round.id):
        raise AlreadyDestroyed
    private = join_sheets(session, round=round, typed=typed, of_this_set=True)
    monitors = three_monitors(session, round)
    changed = session.execute(
        update(UrnKey)
        .where(UrnKey.round_id == round.id, UrnKey.set_no == key.set_no)
        .values(
            set_no=key.set_no + 1, forgotten_at=None, proven_at=None, proven_by=None, proven_with=""
        )
        .returning(UrnKey.round_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise RenewedAlready
    session.refresh(key)
    give_out(session, key, monitors)
    keys.hold_shares(round.id, b"".join(shares_of(private)))
    note(session, actor, "custody.renew", now, round, set=key.set_no)
    return key
