"""Whether somebody like this is on the roll, and how often they were claimed: the same work for everybody."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.adapters.sealing import keyed_hash
from voting.errors import NotFound
from voting.posters.models import IdentityTry, PosterClaim
from voting.posters.rules import CLAIM_LIFE, MOST_FAILS, MOST_MESSAGES, NotClaiming, Person
from voting.roll.models import Elector, Participation
from voting.roll.service import RightAlreadyUsed
from voting.roll.service.secrecy import RollKey, name_key, number_key, roll_key
from voting.rounds.models import Round
from voting.rounds.rules import Phase, RoundChannel, SecondFactor
from voting.rounds.service import get_round

_TRY = cast("Table", IdentityTry.__table__)
_NOBODY = bytes(32)


@dataclass(frozen=True)
class Looked:
    """What was found of a claimed person; ``fits`` if the number is listed under this very name."""

    claimed_key: bytes
    elector_id: str | None
    fits: bool
    phone_sealed: bytes | None


@dataclass(frozen=True)
class Tried:
    """How often somebody has been claimed wrongly, and how many messages were asked for."""

    fails: int
    messages: int

    @property
    def is_locked(self) -> bool:
        """Whether only the desk helps."""
        return self.fails >= MOST_FAILS


def claimable(session: Session, round_id: str, factor: SecondFactor | None, now: datetime) -> Round:
    """Return a round in which people come by the poster, proven by ``factor`` if one is given.

    Raises NotFound where that is not so, and NotClaiming where voting is not open.
    """
    round = get_round(session, round_id)
    if not round.offers(RoundChannel.POSTER) or (factor and not round.proves_by(factor)):
        raise NotFound
    if round.phase_at(now) is not Phase.VOTING:
        raise NotClaiming
    return round


def look(session: Session, keys: Keyring, round: Round, person: Person) -> Looked:
    """Look somebody up by the keyed number; struck people are not on the roll."""
    pepper = roll_key(keys, round)
    row = session.execute(
        select(Elector.elector_id, Elector.name_key, Elector.phone_sealed).where(
            Elector.round_id == round.id,
            Elector.id_key == number_key(pepper, person.number),
            Elector.struck_at.is_(None),
        )
    ).one_or_none()
    named = hmac.compare_digest(row.name_key if row else _NOBODY, name_key(pepper, person.name))
    return Looked(
        claimed_key=_claimed_key(pepper, round.id, person),
        elector_id=row.elector_id if row else None,
        fits=row is not None and named,
        phone_sealed=row.phone_sealed if row else None,
    )


def count_try(
    session: Session, round_id: str, claimed_key: bytes, *, wrong: bool, message: bool = False
) -> Tried:
    """Count a claim by one statement that writes whatever is true: its time tells nothing.

    Parallel guesses queue on the row, so that never more than five are looked at.
    """
    postgres = session.get_bind().dialect.name == "postgresql"
    statement: Any = postgresql.insert(_TRY) if postgres else sqlite.insert(_TRY)
    statement = statement.values(
        round_id=round_id, claimed_key=claimed_key, fails=int(wrong), asked=1, messages=int(message)
    )
    new = statement.excluded
    counted = statement.on_conflict_do_update(
        index_elements=[_TRY.c.round_id, _TRY.c.claimed_key],
        set_={
            "fails": _capped(_TRY.c.fails, new.fails, MOST_FAILS),
            "messages": _capped(_TRY.c.messages, new.messages, MOST_MESSAGES + 1),
            "asked": _TRY.c.asked + 1,
        },
    ).returning(_TRY.c.fails, _TRY.c.messages)
    row = session.execute(counted).one()
    return Tried(row.fails, row.messages)


def _capped(column: Any, more: Any, most: int) -> Any:
    return case((column < most, column + more), else_=column)


def require_unused(session: Session, round_id: str, elector_id: str) -> None:
    """Raise RightAlreadyUsed; asked only after both factors held."""
    used = select(Participation.channel).where(
        Participation.round_id == round_id, Participation.elector_id == elector_id
    )
    if session.execute(used).one_or_none() is not None:
        raise RightAlreadyUsed


def new_claim(
    round_id: str, secret: bytes, looked: Looked, way: SecondFactor, now: datetime, **facts: object
) -> PosterClaim:
    """Return the row of a claim that waits for its second factor, unless ``facts`` say otherwise."""
    return PosterClaim(
        round_id=round_id, claim_hash=claim_hash(secret), elector_id=looked.elector_id,
        name_fits=looked.fits, claimed_key=looked.claimed_key, way=way.value,
        expires_at=now + CLAIM_LIFE, **facts,
    )  # fmt: skip


def claim_hash(secret: bytes) -> bytes:
    """Return what is kept of the secret in a browser's cookie."""
    return hashlib.sha256(secret).digest()


def _claimed_key(pepper: RollKey, round_id: str, person: Person) -> bytes:
    return keyed_hash(pepper, "claimed person", round_id, *person.counted)
