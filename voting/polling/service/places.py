"""Polling places are listed, added, changed, closed and opened again."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voting.errors import NotFound, Refusal
from voting.journal.rules import Actor
from voting.journal.service import record
from voting.polling.models import PollingPlace
from voting.polling.rules import MOST_PLACES, PlaceKind
from voting.rounds.models import Round
from voting.rounds.rules import Phase
from voting.rounds.service import hold_round

_BEFORE_ITS_END = frozenset({
    Phase.DRAFT, Phase.PENDING_APPROVAL, Phase.COLLECTING, Phase.SCREENING, Phase.DELIBERATING,
    Phase.SHORTLISTED, Phase.VOTE_ANNOUNCED, Phase.VOTING, Phase.PAUSED,
})  # fmt: skip


class VoteOver(Refusal):
    """Nobody votes in this round any more."""

    msgid = "这一轮的投票已经结束，投票点不能再改。"


class NameTaken(Refusal):
    """Another place of the round has this name."""

    msgid = "这一轮已经有同名的投票点。请换一个名称。"
    field = "name"


class TooManyPlaces(Refusal):
    """A round has as many places as its screens can carry."""

    msgid = "一轮最多 %(most)d 个投票点。请先关掉不用的，或者把相近的合成一个。"


class PlaceClosed(Refusal):
    """The place is closed."""

    msgid = "这个投票点已经关闭。请先重新开放。"


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """What is entered of a place."""

    kind: PlaceKind
    name: str
    address: str
    hours: str


def places_of(session: Session, round_id: str) -> list[PollingPlace]:
    """Return the places of a round, open ones first."""
    query = select(PollingPlace).where(PollingPlace.round_id == round_id)
    order = (PollingPlace.closed_at.is_not(None), PollingPlace.name)
    return list(session.scalars(query.order_by(*order)))


def open_places(session: Session, round_id: str) -> list[PollingPlace]:
    """Return the places of a round to which people can go."""
    return [place for place in places_of(session, round_id) if place.closed_at is None]


def get_place(session: Session, round_id: str, place_id: str) -> PollingPlace:
    """Return a place of a round; raise NotFound."""
    place = session.get(PollingPlace, place_id)
    if place is None or place.round_id != round_id:
        raise NotFound
    return place


def add_place(
    session: Session, *, now: datetime, actor: Actor, round_id: str, facts: PlaceFacts
) -> PollingPlace:
    """Add a place; raise VoteOver, NameTaken or TooManyPlaces."""
    round = hold_before_end(session, round_id, now)
    mine = select(func.count()).where(PollingPlace.round_id == round_id)
    if (session.scalar(mine) or 0) >= MOST_PLACES:
        raise TooManyPlaces(most=MOST_PLACES)
    place = PollingPlace(round_id=round_id, made_at=now, **_columns(facts))
    session.add(place)
    _flush_named(session)
    note(session, now, actor, "polling.add_place", place, round, name=place.name)
    return place


def change_place(
    session: Session,
    *,
    now: datetime,
    actor: Actor,
    round_id: str,
    place_id: str,
    facts: PlaceFacts,
) -> None:
    """Change what is said of a place; raise NotFound, VoteOver or NameTaken."""
    round = hold_before_end(session, round_id, now)
    place = get_place(session, round_id, place_id)
    columns = _columns(facts)
    changed = sorted(name for name, value in columns.items() if getattr(place, name) != value)
    for name in changed:
        setattr(place, name, columns[name])
    _flush_named(session)
    if changed:
        note(session, now, actor, "polling.change_place", place, round, changed=changed)


def close_place(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str
) -> None:
    """Close a place: its screen goes dark; raise NotFound, VoteOver or PlaceClosed."""
    round = hold_before_end(session, round_id, now)
    place = get_place(session, round_id, place_id)
    if place.closed_at is not None:
        raise PlaceClosed
    place.closed_at, place.screen_hash = now, None
    note(session, now, actor, "polling.close_place", place, round)


def reopen_place(
    session: Session, *, now: datetime, actor: Actor, round_id: str, place_id: str
) -> None:
    """Open a closed place again, without a screen; raise NotFound or VoteOver."""
    round = hold_before_end(session, round_id, now)
    place = get_place(session, round_id, place_id)
    if place.closed_at is not None:
        place.closed_at = None
        note(session, now, actor, "polling.reopen_place", place, round)


def hold_before_end(session: Session, round_id: str, now: datetime) -> Round:
    """Return the held round; raise NotFound, or VoteOver once voting has ended."""
    round = hold_round(session, round_id)
    if round.phase_at(now) not in _BEFORE_ITS_END:
        raise VoteOver
    return round


def note(
    session: Session, now: datetime, actor: Actor, act: str, place: PollingPlace, round: Round,
    **details: object,
) -> None:  # fmt: skip
    """Write down what was done to a place."""
    record(
        session, actor, act, now=now, kind="polling_place", id=place.id, area_path=round.area.path,
        round_id=round.id, **details,
    )  # fmt: skip


def _columns(facts: PlaceFacts) -> dict[str, str]:
    return asdict(facts) | {"kind": facts.kind.value}


def _flush_named(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise NameTaken from taken
