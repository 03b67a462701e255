"""Casting as the web does, without the web: for campaigns of many thousands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.ballots import NOW, MadeCard
from voting.adapters.keyring import Keyring
from voting.ballots.rules import BallotPaper
from voting.ballots.service import Receipt, cast
from voting.cards.service import check_code_hmac


def cast_card(
    session: Session,
    keys: Keyring,
    paper: BallotPaper,
    card: MadeCard,
    *,
    nonce: bytes,
    choices: Sequence[int] = (1,),
    now: datetime = NOW,
    code: str | None = None,
) -> Receipt:
    """Cast one card from the browser that holds ``nonce``; raise what ``cast`` raises."""
    check = check_code_hmac(keys.card_key(), card.cred_hash, code or card.check_code)
    return cast(
        session, now=now, paper=paper, cred_hash=card.cred_hash, nonce=nonce, choices=choices,
        check_hmac=check,
    )  # fmt: skip
