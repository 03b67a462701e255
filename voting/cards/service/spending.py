"""Finding a card by what was scanned or typed, and spending it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Result, Table, bindparam, case, null, select, update
from sqlalchemy.orm import Session

from voting.adapters.sealing import keyed_hash
from voting.cards.models import BallotCard, CardState
from voting.cards.rules import MOST_FAILS, credential_hash

_CARD = cast("Table", BallotCard.__table__)


@dataclass(frozen=True)
class CardFound:
    """What may be known of a card from what was scanned or typed."""

    round_id: str
    cred_hash: bytes
    state: str
    fails: int


class Spending(StrEnum):
    """What became of an attempt to spend a card."""

    SPENT = "spent"
    WRONG_CHECK_CODE = "wrong_check_code"
    REFUSED = "refused"


@dataclass(frozen=True)
class SpendOutcome:
    """The outcome, the tries left after a wrong check code, and the person an assigned card belonged to."""

    outcome: Spending
    tries_left: int = 0
    elector_id: str | None = None


def short_code_hash(card_key: bytes, code: str) -> bytes:
    """Return the keyed hash of a short code: 80 bits are too few for a bare one (ASVS 6.5.2)."""
    return keyed_hash(card_key, "short code", code)


def check_code_hmac(card_key: bytes, cred_hash: bytes, code: str) -> bytes:
    """Return the keyed hash of a check code, bound to its card."""
    return keyed_hash(card_key, "check code", cred_hash, code)


def find_card(session: Session, token: str) -> CardFound | None:
    """Return the card of a scanned token, if there is one."""
    return _found(session.execute(_FIND_BY_TOKEN, {"hash": credential_hash(token)}))


def find_card_by_hash(session: Session, round_id: str, cred_hash: bytes) -> CardFound | None:
    """Return the card whose hash a browser's cookie holds."""
    return _found(session.execute(_FIND, {"of_round": round_id, "hash": cred_hash}))


def find_card_by_short_code(session: Session, card_key: bytes, code: str) -> CardFound | None:
    """Return the card of a typed short code, if there is one."""
    return _found(session.execute(_FIND_BY_CODE, {"hash": short_code_hash(card_key, code)}))


def _found(result: Result[Any]) -> CardFound | None:
    row = result.one_or_none()
    return CardFound(row.round_id, row.cred_hash, row.state, row.fails) if row else None


def spend(
    session: Session, *, round_id: str, cred_hash: bytes, check_hmac: bytes | None
) -> SpendOutcome:
    """Spend a card, or count a wrong check code: one conditional update that must change one row.

    With ``check_hmac`` None the round demands no check code. A wrong code raises ``fails`` in the same
    statement that compared it, so that parallel guesses queue on the row and never exceed five.
    """
    mine = {"of_round": round_id, "hash": cred_hash}
    elector_id = session.execute(_ELECTOR, mine).scalar_one_or_none()
    if check_hmac is None:
        result = session.execute(_SPEND, mine)
    else:
        result = session.execute(_SPEND_CHECKED, mine | {"check": check_hmac})
    row = result.one_or_none()
    if row is None:
        return SpendOutcome(Spending.REFUSED)
    if row.state != CardState.SPENT.value:
        return SpendOutcome(Spending.WRONG_CHECK_CODE, tries_left=MOST_FAILS - row.fails)
    return SpendOutcome(Spending.SPENT, elector_id=elector_id)


# Statements of a voter's path are built once: building one costs more than running it.
_FOUND = select(_CARD.c.round_id, _CARD.c.cred_hash, _CARD.c.state, _CARD.c.fails)
_MINE = (_CARD.c.round_id == bindparam("of_round")) & (_CARD.c.cred_hash == bindparam("hash"))
_FIND = _FOUND.where(_MINE)
_FIND_BY_TOKEN = _FOUND.where(_CARD.c.cred_hash == bindparam("hash"))
_FIND_BY_CODE = _FOUND.where(_CARD.c.short_hash == bindparam("hash"))
_ELECTOR = select(_CARD.c.elector_id).where(_MINE)
_SPENDABLE = (
    update(_CARD)
    .where(_MINE, _CARD.c.state == CardState.PRINTED.value, _CARD.c.fails < MOST_FAILS)
    .returning(_CARD.c.state, _CARD.c.fails)
)
_RIGHT = _CARD.c.check_hmac == bindparam("check")
# The person an assigned card belonged to is cut in the statement that spends it.
_SPEND = _SPENDABLE.values(state=CardState.SPENT.value, elector_id=None)
_SPEND_CHECKED = _SPENDABLE.values(
    state=case((_RIGHT, CardState.SPENT.value), else_=_CARD.c.state),
    fails=case((_RIGHT, _CARD.c.fails), else_=_CARD.c.fails + 1),
    elector_id=case((_RIGHT, null()), else_=_CARD.c.elector_id),
)
