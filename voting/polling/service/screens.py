"""The screen of a place: an address with a secret, of which only the hash is kept."""

import hashlib
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.errors import NotFound
from voting.journal.rules import Actor
from voting.persistence.base import new_id
from voting.polling.models import PollingPlace
from voting.polling.service.places import PlaceClosed, get_place, hold_before_end, note
from voting.roll.models import Participation


def open_screen(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str
) -> str:
    """Return a new token for the screen of a place; the one before is good no longer.

    Raises NotFound, VoteOver or PlaceClosed.
    """
    round = hold_before_end(session, round_id, now)
    place = get_place(session, round_id, place_id)
    if place.closed_at is not None:
        raise PlaceClosed
    token = new_id()
    place.screen_hash = _hash(token)
    note(session, now, actor, "polling.open_screen", place, round)
    return token


def close_screen(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str
) -> None:
    """Take the screen of a place away; raise NotFound or VoteOver."""
    round = hold_before_end(session, round_id, now)
    place = get_place(session, round_id, place_id)
    if place.screen_hash is not None:
        place.screen_hash = None
        note(session, now, actor, "polling.close_screen", place, round)


def find_screen(session: Session, token: str) -> PollingPlace:
    """Return the place whose screen has this token; raise NotFound."""
    query = select(PollingPlace).where(PollingPlace.screen_hash == _hash(token))
    place = session.scalars(query).one_or_none()
    if place is None:
        raise NotFound
    return place


def screens_of(session: Session, round_id: str) -> list[str]:
    """Return the ids of a round's open places that have a screen: whose codes are good."""
    return list(
        session.scalars(
            select(PollingPlace.id).where(
                PollingPlace.round_id == round_id,
                PollingPlace.closed_at.is_(None),
                PollingPlace.screen_hash.is_not(None),
            )
        )
    )


def used_on(session: Session, round_id: str, day: date) -> int:
    """Count the rights that were used on a day, through whatever channel."""
    query = select(func.count()).where(Participation.round_id == round_id, Participation.day == day)
    return session.scalar(query) or 0


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
