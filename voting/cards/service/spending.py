"""Finding a card by what was scanned or typed, and spending it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, case, null, select, update
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
    return _find(session, _CARD.c.cred_hash == credential_hash(token))


def find_card_by_hash(session: Session, round_id: str, cred_hash: bytes) -> CardFound | None:
    """Return the card whose hash a browser's cookie holds."""
    return _find(session, (_CARD.c.round_id == round_id) & (_CARD.c.cred_hash == cred_hash))


def find_card_by_short_code(session: Session, card_key: bytes, code: str) -> CardFound | None:
    """Return the card of a typed short code, if there is one."""
    return _find(session, _CARD.c.short_hash == short_code_hash(card_key, code))


def _find(session: Session, condition: object) -> CardFound | None:
    row = session.execute(
        select(_CARD.c.round_id, _CARD.c.cred_hash, _CARD.c.state, _CARD.c.fails).where(condition)  # type: ignore[arg-type]
    ).one_or_none()
    return CardFound(row.round_id, row.cred_hash, row.state, row.fails) if row else None


def spend(
    session: Session, *, round_id: str, cred_hash: bytes, check_hmac: bytes | None
) -> SpendOutcome:
    """Spend a card, or count a wrong check code: one conditional update that must change one row.

    With ``check_hmac`` None the round demands no check code. A wrong code raises ``fails`` in the same
    statement that compared it, so that parallel guesses queue on the row and never exceed five.
    """
    mine = (_CARD.c.round_id == round_id) & (_CARD.c.cred_hash == cred_hash)
    elector_id = session.execute(select(_CARD.c.elector_id).where(mine)).scalar_one_or_none()
    row = session.execute(
        update(_CARD)
        .where(mine, _CARD.c.state == CardState.PRINTED.value, _CARD.c.fails < MOST_FAILS)
        .values(**_spent_values(check_hmac))
        .returning(_CARD.c.state, _CARD.c.fails)
    ).one_or_none()
    if row is None:
        return SpendOutcome(Spending.REFUSED)
    if row.state != CardState.SPENT.value:
        return SpendOutcome(Spending.WRONG_CHECK_CODE, tries_left=MOST_FAILS - row.fails)
    return SpendOutcome(Spending.SPENT, elector_id=elector_id)


def _spent_values(check_hmac: bytes | None) -> dict[str, object]:
    # The person an assigned card belonged to is cut in the statement that spends it.
    if check_hmac is None:
        return {"state": CardState.SPENT.value, "elector_id": None}
    right = _CARD.c.check_hmac == check_hmac
    return {
        "state": case((right, CardState.SPENT.value), else_=_CARD.c.state),
        "fails": case((right, _CARD.c.fails), else_=_CARD.c.fails + 1),
        "elector_id": case((right, null()), else_=_CARD.c.elector_id),
    }
