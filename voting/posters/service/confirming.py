"""A worker looks at a claim, at a face and at a document, and lets the person vote or not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from voting.adapters.keyring import Keyring
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.posters.models import IdentityTry, PosterClaim
from voting.posters.rules import CLAIM_LIFE, MOST_FAILS, ClaimNotConfirmable, ClaimNotSeen
from voting.posters.service.claiming import short_code_hmac
from voting.posters.service.looking import claimable
from voting.roll.models import Elector, Participation
from voting.rounds.models import Round
from voting.rounds.rules import SecondFactor


class Seen(StrEnum):
    """What a worker is told of a claim."""

    GOOD = "good"
    NOT_LISTED = "not_listed"
    NAME_DIFFERS = "name_differs"
    LOCKED = "locked"
    USED = "used"


@dataclass(frozen=True)
class ClaimSeen:
    """A claim before a worker's eyes; the roll's masked facts where the number is on it."""

    seen: Seen
    name: str = ""
    number: str = ""
    building: str = ""


def see_claim(
    session: Session, *, now: datetime, keys: Keyring, round_id: str, code: str
) -> ClaimSeen:
    """Return what a worker may know of a claim; raise NotFound, NotClaiming or ClaimNotSeen."""
    claimable(session, round_id, SecondFactor.WORKER, now)
    return _seen(session, _waiting(session, keys, round_id, code, now))


def confirm_claim(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str, code: str
) -> None:
    """Let the person vote whose face and document were compared.

    The journal keeps who confirmed, never whom: the time of a vote is kept nowhere (integrity.md §3.1).
    Raises NotFound, NotClaiming, ClaimNotSeen or ClaimNotConfirmable.
    """
    round = claimable(session, round_id, SecondFactor.WORKER, now)
    claim = _waiting(session, keys, round_id, code, now)
    if _seen(session, claim).seen is not Seen.GOOD:
        raise ClaimNotConfirmable
    confirmed = session.scalars(
        update(PosterClaim)
        .where(*_still(claim))
        .values(state="proven", code_hmac=None, expires_at=now + CLAIM_LIFE)
        .returning(PosterClaim.state)
        .execution_options(synchronize_session=False)
    )
    if confirmed.one_or_none() is None:
        raise ClaimNotSeen
    _note(session, now, actor, "posters.confirm", round)


def refuse_claim(
    session: Session, *, now: datetime, actor: Actor, keys: Keyring, round_id: str, code: str
) -> None:
    """Send a person away whose face or document does not fit; raise NotFound, NotClaiming, ClaimNotSeen."""
    round = claimable(session, round_id, SecondFactor.WORKER, now)
    claim = _waiting(session, keys, round_id, code, now)
    refused = session.scalars(
        delete(PosterClaim)
        .where(*_still(claim))
        .returning(PosterClaim.state)
        .execution_options(synchronize_session=False)
    )
    if refused.one_or_none() is None:
        raise ClaimNotSeen
    _note(session, now, actor, "posters.refuse", round)


def _waiting(
    session: Session, keys: Keyring, round_id: str, code: str, now: datetime
) -> PosterClaim:
    claim = session.scalars(
        select(PosterClaim).where(
            PosterClaim.round_id == round_id,
            PosterClaim.code_hmac == short_code_hmac(keys, round_id, code),
            PosterClaim.way == SecondFactor.WORKER.value,
            PosterClaim.state == "waiting",
            PosterClaim.expires_at > now,
        )
    ).one_or_none()
    if claim is None:
        raise ClaimNotSeen
    return claim


def _seen(session: Session, claim: PosterClaim) -> ClaimSeen:
    if claim.elector_id is None:
        return ClaimSeen(Seen.NOT_LISTED)
    elector = session.get_one(Elector, (claim.round_id, claim.elector_id))
    fails = session.scalar(
        select(IdentityTry.fails).where(
            IdentityTry.round_id == claim.round_id, IdentityTry.claimed_key == claim.claimed_key
        )
    )
    used = session.get(Participation, (claim.round_id, claim.elector_id)) is not None
    if elector.struck_at is not None:
        return ClaimSeen(Seen.NOT_LISTED)
    if not claim.name_fits:
        seen = Seen.NAME_DIFFERS
    elif used:
        seen = Seen.USED
    else:
        seen = Seen.LOCKED if (fails or 0) >= MOST_FAILS else Seen.GOOD
    return ClaimSeen(seen, elector.name_masked, elector.id_masked, elector.building)


def _still(claim: PosterClaim) -> tuple[ColumnElement[bool], ...]:
    return (
        PosterClaim.round_id == claim.round_id,
        PosterClaim.claim_hash == claim.claim_hash,
        PosterClaim.state == "waiting",
    )


def _note(session: Session, now: datetime, actor: Actor, act: str, round: Round) -> None:
    record(session, actor, act, now=now, kind="round", id=round.id, area_path=round.area.path)
